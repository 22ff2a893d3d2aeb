import { RestError } from '../rest-error.ts';
import { percentBytes } from './percent-bytes.ts';

/** What a path names. */
export type RestResource =
  | { readonly kind: 'root' }
  | { readonly kind: 'table'; readonly name: string }
  | { readonly kind: 'routine'; readonly name: string };

const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const plainPath = /^\/[A-Za-z0-9_]+$/;

/**
 * `/`, `/table` or `/rpc/function`.
 * @param path below the mount, percent-encoded
 * @throws RestError PGRST125
 */
export function parsePath(path: string): RestResource {
  if (plainPath.test(path)) return { kind: 'table', name: path.slice(1) };
  if (path === '' || path === '/') return { kind: 'root' };
  const segments = (path.startsWith('/') ? path.slice(1) : path).split('/').map(decodeSegment);
  const [first, second] = segments;
  if (segments.length === 1 && first !== undefined) return { kind: 'table', name: first };
  if (segments.length === 2 && first === 'rpc' && second !== undefined)
    return { kind: 'routine', name: second };
  throw new RestError(404, 'PGRST125', 'Invalid path specified in request URL');
}

/** Bytes that are not UTF-8 become U+FFFD: such a name is not found. */
function decodeSegment(segment: string): string {
  return segment.includes('%') ? lenientUtf8.decode(percentBytes(segment)) : segment;
}
