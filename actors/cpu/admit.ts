import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Exchange } from './exchange.ts';
import type { Mount, PipelineParts } from './pipeline-parts.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const allMethods = [...methods].join(', ');

/**
 * Between inspection and authentication: refuses what receive found wrong, answers preflights (browsers send
 * them without keys) and finds the gateway.
 * @throws what receive left, MF104 where nothing is served, MF105 for methods no gateway takes
 */
export function admit(parts: PipelineParts, exchange: Exchange): void {
  if (exchange.refusal !== undefined) throw exchange.refusal;
  const { context } = exchange;
  const mount = exchange.knownAddress ? findMount(parts.mounts, context.path) : undefined;
  if (mount === undefined) {
    throw new MagFlockError('MF104', `Nothing is served at "${context.path.slice(0, 200)}".`);
  }
  exchange.gateway = mount.gateway;
  exchange.mountedPath = context.path.slice(mount.prefix.length) || '/';
  exchange.route = routeOf(mount.prefix, exchange.mountedPath);
  if (!methods.has(context.method)) {
    throw new MagFlockError('MF105', `The method ${context.method} is not served.`, {
      details: { allow: allMethods },
    });
  }
  const preflight = parts.cors.preflight(context.method, context.headers);
  if (preflight !== undefined) exchange.answer = { status: 204, headers: preflight, body: '' };
}

function findMount(mounts: readonly Mount[], path: string): Mount | undefined {
  for (const mount of mounts) {
    const end = mount.prefix.length;
    if (path.startsWith(mount.prefix) && (path.length === end || path.charCodeAt(end) === 47)) return mount;
  }
  return undefined;
}

/** The path's pattern by its number of segments, so that the label is one of a few. */
function routeOf(prefix: string, mountedPath: string): string {
  const second = mountedPath.length === 1 ? -1 : mountedPath.indexOf('/', 1);
  if (second === -1) return mountedPath.length === 1 ? prefix : `${prefix}/{table}`;
  return second === mountedPath.length - 1 ? `${prefix}/{table}` : `${prefix}/{table}/{id}`;
}
