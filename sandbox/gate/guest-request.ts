import type { GuestRequest } from '../../runtime/protocol/extensions.protocol.ts';
import type { Caller, GatewayRequest } from '../../runtime/protocol/gateway.protocol.ts';
import type { FoundRoute } from './route-table.ts';

const secret = new Set(['authorization', 'cookie', 'x-api-key', 'apikey', 'proxy-authorization']);

/** A request as an extension gets it: without keys and cookies, with its query taken apart. */
export function guestRequest(
  request: GatewayRequest,
  found: FoundRoute,
  caller: Caller | null | undefined,
): GuestRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) if (!secret.has(name)) headers[name] = value;
  return {
    project: request.project,
    method: request.method,
    path: found.path,
    params: found.params,
    query: queryOf(request.query),
    headers,
    body: request.body ?? null,
    role: caller?.role ?? null,
    claims: caller == null ? {} : (JSON.parse(caller.claims) as GuestRequest['claims']),
    requestId: request.id,
  };
}

function queryOf(query: string): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    const there = values[name];
    if (Array.isArray(there)) there.push(value);
    else values[name] = there === undefined ? value : [there, value];
  }
  return values;
}
