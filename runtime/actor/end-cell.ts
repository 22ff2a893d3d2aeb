import type { ActorCell } from './actor-cell.ts';
import type { EndReason } from './terminated.ts';
import { threadMark } from './thread-mark.ts';

/**
 * Ends an incarnation that runs nothing any more: its children in reverse order of their start, then its own
 * `stop`, then everything it began.
 * @param orderly whether `stop` is called; not after a failed start
 * @throws what `stop` throws, after everything is ended all the same
 */
export async function endCell(cell: ActorCell, reason: EndReason, orderly: boolean): Promise<void> {
  const { incarnation } = cell;
  const life = cell.hasExtras?.abandoned ?? 0;
  const byItself = cell.hasExtras?.ending !== undefined;
  // Its budget was used up meanwhile: what the cell holds by now belongs to another incarnation.
  const over = () => (cell.hasExtras?.abandoned ?? 0) !== life;
  try {
    if (orderly) await cell.hasExtras?.tenancy?.leaving?.();
    // Most actors have nothing of all this, and each await of an actor that ends costs a turn of its own.
    if (!over() && hasChildren(cell)) await stopChildren(cell, over);
    const gate = over() ? undefined : cell.hasExtras?.gate;
    if (gate !== undefined) await gate.idle();
    if (!over() && orderly && cell.definition?.stop !== undefined) {
      await threadMark.run(cell, 'stop', () => cell.definition?.stop?.(cell.state));
    }
  } finally {
    // Those that `stop` has made.
    if (!over() && hasChildren(cell)) await stopChildren(cell, over);
    if (!over()) {
      cell.vacate();
      cell.host.ended(cell, incarnation, reason, byItself);
    }
  }
}

function hasChildren({ hasExtras }: ActorCell): boolean {
  return hasExtras !== undefined && (hasExtras.childCount > 0 || hasExtras.family !== undefined);
}

/** Stops all children, the youngest first; one that fails in it does not keep the others. */
async function stopChildren(cell: ActorCell, over: () => boolean): Promise<void> {
  const family = cell.hasExtras?.family;
  family?.close();
  const children = cell.hasExtras?.children;
  // Again for those that were spawned meanwhile.
  while (children !== undefined && children.size > 0) {
    for (const child of [...children.values()].reverse()) {
      if (children.get(child.key) !== child) continue;
      try {
        await (family?.has(child) === true ? family.stop(child) : child.stop());
      } catch (error) {
        cell.host.failed(child, 'stop', error);
      }
      if (over()) return;
      // One that has ended leaves its parent; whatever happens, this comes to an end.
      children.delete(child.key);
    }
  }
  // The next incarnation has children of its own.
  if (cell.hasExtras !== undefined) cell.hasExtras.family = undefined;
}
