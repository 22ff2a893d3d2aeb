import type { GuestResponse } from '../../runtime/protocol/extensions.protocol.ts';
import type { GatewayAnswer } from '../../runtime/protocol/gateway.protocol.ts';

/** Headers a route may set besides `X-…`. Cookies, CORS and security headers belong to the machine. */
const allowed = new Set([
  'content-type',
  'content-language',
  'content-disposition',
  'cache-control',
  'location',
  'link',
  'retry-after',
  'last-modified',
  'expires',
]);
const machines = /^x-(?:request-id|content-type-options|frame-options|forwarded-.*|api-key|real-ip)$/;
const plain = /^[\t\x20-\x7e]{0,4000}$/;

/**
 * What a route answered, as HTTP. Its shape was checked where it left the cage.
 * @param isPublic anybody may have it; else no cache that several share may keep it (RFC 9111 §3.5)
 */
export function guestAnswer(response: GuestResponse | null, isPublic = false): GatewayAnswer {
  const { status = 200, headers = {}, body } = response ?? { status: 204 };
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const custom = /^x-[a-z0-9-]{1,60}$/.test(lower) && !machines.test(lower);
    if ((custom || allowed.has(lower)) && plain.test(value)) kept[lower] = value;
  }
  const cached = kept['cache-control'];
  if (cached !== undefined && !isPublic && !/\b(?:private|no-store)\b/i.test(cached)) {
    const own = cached.replace(/\b(?:public|s-maxage=\d+)\b\s*,?\s*/gi, '');
    kept['cache-control'] = `private, ${own}`.replace(/[,\s]+$/, '');
  }
  const text =
    body === undefined || body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  if (text !== '' && kept['content-type'] === undefined) {
    kept['content-type'] =
      typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  }
  return { status, headers: kept, body: status === 204 || status === 304 ? '' : text };
}
