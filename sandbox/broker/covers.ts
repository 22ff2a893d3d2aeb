import type { CapabilityName } from '../../runtime/protocol/extension-manifest.ts';
import { parseHostScope } from './parse-host-scope.ts';
import { parseTableScope } from './parse-table-scope.ts';

/**
 * Whether a target lies within scopes: `*` is everything; for `http.mount` a path prefix covers itself and what
 * is below it; for `db.read` and `db.write` a table covers its columns, and columns may be covered by several
 * scopes together; for `net.fetch` `*.example.com` covers the names below, and a host without a port the default
 * ports; for `events.*` `order.*` covers the names below; anything else covers itself. A target may be a scope
 * itself. What cannot be read is not covered.
 */
export function covers(capability: CapabilityName, scopes: readonly string[], target: string): boolean {
  if (scopes.includes('*')) return true;
  switch (capability) {
    case 'db.read':
    case 'db.write':
      return coversTable(scopes, target);
    case 'net.fetch':
      return scopes.some((scope) => coversHost(scope, target));
    case 'http.mount':
      return scopes.some(
        (scope) => scope === target || target.startsWith(scope.endsWith('/') ? scope : `${scope}/`),
      );
    case 'events.emit':
    case 'events.on':
      return scopes.some(
        (scope) => scope === target || (scope.endsWith('.*') && target.startsWith(scope.slice(0, -1))),
      );
    default:
      return scopes.includes(target);
  }
}

function coversTable(scopes: readonly string[], target: string): boolean {
  const wanted = parseTableScope(target);
  if (wanted === undefined) return false;
  const held = scopes.map(parseTableScope).filter((scope) => scope?.table === wanted.table);
  if (held.some((scope) => scope?.columns === undefined)) return true;
  const columns = new Set(held.flatMap((scope) => scope?.columns ?? []));
  return wanted.columns?.every((column) => columns.has(column)) ?? false;
}

function coversHost(scope: string, target: string): boolean {
  const held = parseHostScope(scope);
  const wanted = parseHostScope(target);
  if (held === undefined || wanted === undefined) return false;
  const portFits =
    held.port === wanted.port || (held.port === undefined && (wanted.port === 80 || wanted.port === 443));
  if (!portFits) return false;
  if (held.below) return wanted.host.endsWith(`.${held.host}`) || (wanted.below && wanted.host === held.host);
  return !wanted.below && wanted.host === held.host;
}
