import { checkAddress } from './check-address.ts';
import { networkRefusal } from './network-refusal.ts';
import type { FetchRequest } from './read-fetch-options.ts';

/** One request on the wire. */
export interface Hop extends Pick<FetchRequest, 'method' | 'headers' | 'body'> {
  readonly url: URL;
}

const redirects = [301, 302, 303, 307, 308];
/** Headers that are meant for the first origin only. */
const personal = /^(authorization|cookie)$|key|token|secret|auth|session|signature/;

/**
 * Where a redirect leads (RFC 9110, section 15.4): 303 and, as browsers do, POST after 301 and 302 become GET
 * without a body; another origin gets no header that looks like a credential; from https never to http.
 * @returns undefined when the answer is no redirect
 * @throws MF672 when the new address is not allowed
 */
export function nextHop(
  hop: Hop,
  status: number,
  location: unknown,
  scopes: readonly string[],
): Hop | undefined {
  if (!redirects.includes(status) || typeof location !== 'string') return undefined;
  const url = checkAddress(location, scopes, hop.url);
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw networkRefusal('downgrade', 'A redirect leads from https to http.', url.host);
  }
  const toGet =
    (status === 303 && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST');
  const headers = new Map(hop.headers);
  for (const name of hop.headers.keys()) {
    if (toGet && name.startsWith('content-')) headers.delete(name);
    if (url.origin !== hop.url.origin && personal.test(name)) headers.delete(name);
  }
  return { url, headers, method: toGet ? 'GET' : hop.method, body: toGet ? undefined : hop.body };
}
