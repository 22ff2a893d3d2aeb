import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import { hookSentences } from '../broker/hook-sentences.ts';

type Facts = Pick<ExtensionManifest, 'hooks' | 'routes'>;

/**
 * What a manifest takes for itself that no permission covers, as sentences: hooks, and routes without a key.
 * @param before the version that serves; without it everything is new
 */
export function newPowers(manifest: Facts, before: Facts = {}): readonly string[] {
  const had = new Set(powersOf(before));
  return powersOf(manifest).filter((power) => !had.has(power));
}

function powersOf(manifest: Facts): readonly string[] {
  return [
    ...hookSentences(manifest).map(({ sentence }) => sentence),
    ...(manifest.routes ?? [])
      .filter((route) => route.public === true)
      .map(({ method, path }) => `Answer ${method} ${path} without a key`),
  ];
}
