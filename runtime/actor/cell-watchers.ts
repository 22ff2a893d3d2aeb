import type { ActorCell } from './actor-cell.ts';
import type { EndReason, Terminated } from './terminated.ts';

/** Those of the same thread that hear of the end of an actor's incarnation, kept in its cell. */
export const cellWatchers = {
  /** @returns a function that ends it; a no-op once it has fired */
  add(cell: ActorCell, tell: (terminated: Terminated) => void): () => void {
    const { extras } = cell;
    extras.watchers ??= new Set();
    // The same function may watch twice.
    const entry = { tell };
    extras.watchers.add(entry);
    return () => {
      extras.watchers?.delete(entry);
    };
  },

  /** The incarnation has ended: each hears of it, once. */
  fire(cell: ActorCell, incarnation: number, reason: EndReason): void {
    const extras = cell.hasExtras;
    const watchers = extras?.watchers;
    if (extras === undefined || watchers === undefined) return;
    extras.watchers = undefined;
    const terminated = { path: cell.path, incarnation, reason };
    for (const { tell } of watchers) tell(terminated);
  },
} as const;
