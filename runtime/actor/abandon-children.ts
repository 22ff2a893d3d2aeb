import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorCell } from './actor-cell.ts';
import { cellWatchers } from './cell-watchers.ts';

/** The children of an incarnation that is given up end with it, unasked. */
export function abandonChildren(cell: ActorCell): void {
  const { children, family } = cell.extras;
  family?.close();
  cell.extras.family = undefined;
  for (const child of children.values()) {
    const { incarnation } = child;
    child.abandon();
    cellWatchers.fire(child, incarnation, { kind: 'killed', detail: 'its parent was given up' });
    child.close(() => new MagFlockError('MF601', `${child.path} ended with its parent`));
  }
  children.clear();
}
