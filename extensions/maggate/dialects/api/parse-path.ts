import { ExtensionError } from '../../../sdk/index.ts';
import { percentDecode } from '../../parse/percent-decode.ts';

/** Where a request points; `id` is still encoded, because commas divide composite keys before decoding. */
export type ApiPath =
  | { readonly kind: 'root' }
  | { readonly kind: 'openapi' }
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'row'; readonly table: string; readonly id: string };

/**
 * Reads `/track/5`. A slash at the end changes nothing.
 * @param mountedPath path below `/api`, percent-encoded
 * @throws MF104 for more segments, MF103 for invalid escapes
 */
export function parsePath(mountedPath: string): ApiPath {
  if (mountedPath === '' || mountedPath === '/') return { kind: 'root' };
  if (mountedPath === '/openapi.json') return { kind: 'openapi' };
  const slash = mountedPath.indexOf('/', 1);
  const table = decodeName(slash === -1 ? mountedPath.slice(1) : mountedPath.slice(1, slash), mountedPath);
  const id = slash === -1 ? '' : mountedPath.slice(slash + 1);
  if (id === '') return { kind: 'table', table };
  if (id.includes('/')) {
    throw new ExtensionError('MF104', `Nothing is served at /api${mountedPath}.`, {
      fix: 'Paths are /api/{table} and /api/{table}/{id}; a slash inside an id is written %2F.',
    });
  }
  return { kind: 'row', table, id };
}

function decodeName(text: string, path: string): string {
  const name = percentDecode(text, false);
  if (name === undefined) {
    throw new ExtensionError('MF103', `The path /api${path} is not valid percent-encoded UTF-8.`, {
      fix: 'Write a percent sign as %25.',
    });
  }
  return name;
}
