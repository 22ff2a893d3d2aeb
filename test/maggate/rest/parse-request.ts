import assert from 'node:assert/strict';
import { parseJson } from '../../../actors/cpu/parse-json.ts';
import { parseRestRequest } from '../../../extensions/maggate/dialects/rest/parse/parse-rest-request.ts';
import { RestError } from '../../../extensions/maggate/dialects/rest/rest-error.ts';
import type { RestRequest } from '../../../extensions/maggate/dialects/rest/rest-request.ts';
import type { DataApiSettings, GatewayRequest, JsonText } from '../../../extensions/sdk/index.ts';

/** A request but for its address; GET without anything by default. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly bytes?: Uint8Array;
  readonly settings?: Partial<DataApiSettings>;
}

const settings = {
  dbSchemas: ['test'],
  dbTxEnd: 'commit-allow-override',
  openapiMode: 'follow-privileges',
  dbRootSpec: null,
} as unknown as DataApiSettings;

function jsonOf(body: string | undefined): JsonText | undefined {
  try {
    return body === undefined ? undefined : parseJson(body);
  } catch {
    return undefined;
  }
}

/** A request of the dialect, parsed: path and query as they stand in the address. */
export function parse(url: string, sent: Sent = {}): RestRequest {
  const question = url.indexOf('?');
  const request = {
    method: sent.method ?? 'GET',
    mountedPath: question === -1 ? url : url.slice(0, question),
    query: question === -1 ? '' : url.slice(question + 1),
    headers: sent.headers ?? {},
    body: sent.body,
    bytes: sent.bytes,
    json: jsonOf(sent.body),
  } as unknown as GatewayRequest;
  return parseRestRequest(request, { ...settings, ...sent.settings });
}

/** The error that the parser refuses a request with. */
export function refusal(url: string, sent?: Sent): RestError {
  try {
    parse(url, sent);
  } catch (error) {
    assert.ok(error instanceof RestError, String(error));
    return error;
  }
  return assert.fail(`${url} was not refused`);
}
