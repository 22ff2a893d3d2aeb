import type { GatewayRequest } from '../../../../sdk/index.ts';
import { mediaTypeName } from '../answer/media-type-name.ts';
import { invalidBody } from '../errors/invalid-body.ts';
import type { MediaType } from '../media-type.ts';
import type { Payload, RestAction } from '../rest-request.ts';
import { csvPayload } from './csv-payload.ts';
import { jsonPayload } from './json-payload.ts';
import { splitQuery } from './split-query.ts';

type Body = Pick<GatewayRequest, 'body' | 'bytes' | 'json'>;

/**
 * The body, as the action takes it; undefined where none is looked at.
 * @param restricted `columns=` says which keys matter
 * @throws RestError PGRST102
 */
export function parsePayload(
  request: Body,
  contentType: MediaType,
  action: RestAction,
  restricted: boolean,
): Payload | undefined {
  const calls = action.kind === 'call';
  if (calls ? action.method !== 'POST' : action.kind !== 'mutate' || action.mutation === 'delete')
    return undefined;
  switch (contentType.kind) {
    case 'json':
      return parseJsonBody(request, calls, restricted && !isSingleUpsert(action));
    case 'csv':
      return csvPayload(textOf(request));
    case 'form':
      return formPayload(textOf(request), calls);
    case 'text':
    case 'xml':
      if (calls) return { kind: 'raw', text: textOf(request) };
      break;
    case 'octet-stream':
      if (calls) return { kind: 'raw', text: hexOf(request) };
      break;
  }
  throw invalidBody(`Content-Type not acceptable: ${mediaTypeName(contentType)}`);
}

function isSingleUpsert(action: RestAction): boolean {
  return action.kind === 'mutate' && action.mutation === 'single-upsert';
}

function parseJsonBody(request: Body, calls: boolean, restricted: boolean): Payload {
  const text = request.body ?? '';
  if (calls && !restricted && text === '' && request.bytes === undefined) {
    return { kind: 'json', text, keys: new Set(), many: false, empty: false };
  }
  // What the guard could not read must not reach the database, even where no key of it matters.
  if (request.json === undefined) throw invalidBody('Empty or invalid json');
  return restricted ? { kind: 'raw-json', text } : jsonPayload(text, request.json);
}

function formPayload(text: string, calls: boolean): Payload {
  const pairs = splitQuery(text).map(([name, value]): [string, string] => [name, value ?? '']);
  const keys = new Set(pairs.map(([name]) => name));
  if (calls) return { kind: 'form', pairs, keys };
  // Of a repeated name the last value holds.
  const row = JSON.stringify(Object.fromEntries(pairs));
  return { kind: 'json', text: row, keys, many: false, empty: false };
}

function textOf({ body, bytes }: Body): string {
  if (bytes !== undefined) throw invalidBody('The body is not UTF-8');
  return body ?? '';
}

/** As PostgreSQL reads a bytea. */
function hexOf({ body, bytes }: Body): string {
  return `\\x${Buffer.from(bytes ?? new TextEncoder().encode(body ?? '')).toString('hex')}`;
}
