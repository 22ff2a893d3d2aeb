import type { CapabilityName } from '../../runtime/protocol/extension-manifest.ts';

/**
 * Whether a target lies within scopes: `*` is everything; for `http.mount` a path prefix covers itself and what
 * is below it; anything else covers itself.
 */
export function covers(capability: CapabilityName, scopes: readonly string[], target: string): boolean {
  return scopes.some(
    (scope) =>
      scope === '*' ||
      scope === target ||
      (capability === 'http.mount' && target.startsWith(scope.endsWith('/') ? scope : `${scope}/`)),
  );
}
