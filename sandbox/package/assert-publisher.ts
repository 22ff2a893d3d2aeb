import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { manifestPatterns } from './manifest-patterns.ts';

/** Of MagFlock itself: what it ships is known by its digest and not by a key. */
const reserved = 'magflock';

/**
 * The name of a publisher that may have a key.
 * @throws MF667
 */
export function assertPublisher(name: string): void {
  if (!new RegExp(manifestPatterns.publisher).test(name) || name.length > 50) {
    throw new MagFlockError('MF667', `"${name.slice(0, 50)}" cannot be the name of a publisher.`, {
      fix: 'it is the part of the id before the first dot: lower case, digits and dashes',
    });
  }
  if (name === reserved) {
    throw new MagFlockError('MF667', `The publisher ${reserved} is MagFlock itself; no key signs for it.`, {
      fix: 'choose a name of your own',
    });
  }
}
