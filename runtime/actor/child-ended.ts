import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorCell } from './actor-cell.ts';
import type { EndReason } from './terminated.ts';

/**
 * An incarnation of a spawned actor has ended. When nobody looks after it, it leaves its parent, and what waits for
 * it is refused.
 */
export function childEnded(child: ActorCell, reason: EndReason, byItself: boolean): void {
  const family = child.parent?.hasExtras?.family;
  if (family?.has(child) === true) {
    family.ended(child, reason, byItself);
    return;
  }
  child.parent?.extras.children.delete(child.key);
  child.close(() => new MagFlockError('MF601', `${child.path} has ended: ${reason.detail}`));
}
