import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest, Permission } from '../../runtime/protocol/extension-manifest.ts';
import { permissionQuestion } from '../broker/permission-sentence.ts';
import { uncovered } from './uncovered.ts';

/**
 * Passes when nothing is granted that was not asked for, and everything demanded that is not optional is granted.
 * @param demanded default: everything the manifest asks for
 * @throws MF669 naming the sentences that nobody approved
 */
export function checkGrants(
  manifest: ExtensionManifest,
  granted: readonly Permission[],
  demanded: readonly Permission[] = manifest.permissions,
): void {
  const [surplus] = uncovered(granted, manifest.permissions);
  if (surplus !== undefined) {
    const { capability, scope } = surplus;
    throw new MagFlockError(
      'MF669',
      `${manifest.id} does not ask for ${capability} of ${scope.join(', ')}, so it cannot be granted`,
      { fix: 'magflock ext review <file> shows what it asks for', details: { capability, scope } },
    );
  }
  const missing = uncovered(
    demanded.filter(({ optional }) => optional !== true),
    granted,
  );
  if (missing.length === 0) return;
  const sentences = missing.map((permission) => permissionQuestion(permission, manifest).sentence);
  throw new MagFlockError('MF669', `nobody has approved: ${sentences.join('; ')}`, {
    fix: 'magflock ext review <file> --json > approve.json, then --approve approve.json',
    details: { permissions: missing.map(({ capability, scope }) => ({ capability, scope })), sentences },
  });
}
