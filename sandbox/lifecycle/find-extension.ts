import { didYouMean } from '../../runtime/errors/did-you-mean.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import type { LockedExtension } from './locked-extension.ts';

/** By id or name. Throws MF665. */
export function findExtension({ lock }: Pick<LifecycleCore, 'lock'>, idOrName: string): LockedExtension {
  const all = lock.value.extensions;
  const found = all.find(({ id }) => id === idOrName) ?? all.find(({ name }) => name === idOrName);
  if (found !== undefined) return found;
  const meant = didYouMean(
    idOrName,
    all.flatMap(({ id, name }) => [name, id]),
  );
  throw new MagFlockError('MF665', `no extension is called "${idOrName}"`, {
    fix: meant === undefined ? 'magflock ext list shows what is installed' : `did you mean ${meant}?`,
  });
}
