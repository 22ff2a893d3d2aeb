import type { DataApiSettings, GatewayRequest } from '../../../../sdk/index.ts';
import { RestError } from '../rest-error.ts';
import type { Payload, RestRequest } from '../rest-request.ts';
import { chooseAction } from './choose-action.ts';
import { chooseSchema } from './choose-schema.ts';
import { decodedPath } from './decoded-path.ts';
import { parseAccept } from './parse-accept.ts';
import { parseMediaType } from './parse-media-type.ts';
import { parsePath, type RestResource } from './parse-path.ts';
import { parsePayload } from './parse-payload.ts';
import { parsePreferences } from './parse-preferences.ts';
import { parseQuery } from './parse-query.ts';
import { parseTopRange } from './parse-top-range.ts';

/**
 * A request of the PostgREST dialect, parsed and not yet looked up: path, schema, method, query, ranges, body, in this
 * order, which decides what error a request with several of them gets.
 * @throws RestError PGRST100, 101, 102, 103, 106, 114, 117, 125, 126, and 22021 for a NUL in the query
 */
export function parseRestRequest(request: GatewayRequest, settings: DataApiSettings): RestRequest {
  const { method, headers } = request;
  const resource = rootOf(parsePath(request.mountedPath), settings);
  const { schema, negotiatedByProfile } = chooseSchema(method, headers, settings);
  const action = chooseAction(resource, schema, method);
  const parsed = parseQuery(request.query, action.kind === 'call' && action.method !== 'POST');
  const topRange = parseTopRange(method, headers['range'], parsed.ranges.get(''));
  const given = headers['content-type'];
  const contentType = given === undefined ? ({ kind: 'json' } as const) : parseMediaType(given);
  const payload = parsePayload(request, contentType, action, parsed.columns !== undefined);
  return {
    action,
    schema,
    negotiatedByProfile,
    query: parsed,
    topRange,
    preferences: parsePreferences(headers['prefer'], settings.dbTxEnd.endsWith('-allow-override')),
    accept: parseAccept(headers['accept']),
    contentType,
    payload,
    columns: columnsOf(payload, parsed.columns),
    method,
    path: decodedPath(request.mountedPath),
  };
}

/** The root is the description of the schema, unless a function stands for it or it is off. */
function rootOf(resource: RestResource, { openapiMode, dbRootSpec }: DataApiSettings): RestResource {
  if (resource.kind !== 'root') return resource;
  if (openapiMode === 'disabled') throw new RestError(404, 'PGRST126', 'Root endpoint metadata is disabled');
  if (dbRootSpec === null) return resource;
  return { kind: 'routine', name: dbRootSpec.slice(dbRootSpec.lastIndexOf('.') + 1) };
}

const noColumns: ReadonlySet<string> = new Set();

function columnsOf(
  payload: Payload | undefined,
  restricted: readonly string[] | undefined,
): ReadonlySet<string> {
  if (payload?.kind === 'json' || payload?.kind === 'form') return payload.keys;
  return payload?.kind === 'raw-json' ? new Set(restricted) : noColumns;
}
