import type { Exchange } from './exchange.ts';
import type { Mount } from './pipeline-parts.ts';

/** Finds the gateway that serves a path and the route that stands for it in the metrics; none for unknown paths. */
export function locateMount(mounts: readonly Mount[], exchange: Exchange, path: string): void {
  for (const mount of mounts) {
    const { prefix } = mount;
    const end = prefix.length;
    if (!path.startsWith(prefix) || (path.length !== end && path.charCodeAt(end) !== slash)) continue;
    exchange.gateway = mount.gateway;
    exchange.mount = mount;
    exchange.mountedPath = path.slice(end) || '/';
    exchange.route = routeOf(prefix, exchange.mountedPath);
    return;
  }
  for (const mount of mounts) {
    const prefix = mount.gateway.mounted?.(path);
    if (prefix === undefined) continue;
    exchange.gateway = mount.gateway;
    exchange.mount = { ...mount, prefix };
    exchange.mountedPath = path;
    exchange.route = `${prefix}/…`;
    return;
  }
}

const slash = 47;

/** The path's pattern by its number of segments, so that the label is one of a few. */
function routeOf(prefix: string, mountedPath: string): string {
  if (mountedPath.length === 1) return prefix;
  const second = mountedPath.indexOf('/', 1);
  return second === -1 || second === mountedPath.length - 1 ? `${prefix}/{table}` : `${prefix}/{table}/{id}`;
}
