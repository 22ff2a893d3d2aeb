/**
 * Path and query as a browser would send them: what may not stand in a request target (RFC 9112, 3.2) is
 * percent-encoded as UTF-8, what is encoded already stays.
 */
export function encodeTarget(target: string): string {
  const path = target.startsWith('/') ? target : `/${target}`;
  return path.replace(/[^\x21-\x7e]+|["#<>\\^`{|}]/gu, encodeURIComponent);
}
