import { pathsOf } from './ask-chain.ts';
import type { BlockedAsk } from './blocked-ask.ts';

/** An ask that is part of a circle, and the circle. */
export interface FoundCircle {
  readonly thread: string;
  readonly name: number;
  readonly path: readonly string[];
}

interface Suspect extends BlockedAsk {
  readonly thread: string;
}

/**
 * Who waits for whom, over all threads. A call waits for what it asked; an ask waits for one of the calls that its
 * target runs. Asks whose waiting no call outside of them can end wait for each other.
 */
export class AskChainGraph {
  readonly #threads = new Map<string, readonly Suspect[]>();

  /**
   * Takes over what waits in a thread now.
   * @returns an ask that has to be refused to open a circle, or undefined
   */
  take(thread: string, asks: readonly BlockedAsk[]): FoundCircle | undefined {
    if (asks.length === 0) this.#threads.delete(thread);
    else
      this.#threads.set(
        thread,
        asks.map((ask) => ({ ...ask, thread })),
      );
    const stuck = this.#stuck();
    if (stuck.length === 0) return undefined;
    // Threads are looked at one after the other: only what held at the same moment in all of them is a circle.
    const since = Math.max(...stuck.map((ask) => ask.since));
    if (stuck.some(({ seen }) => seen < since)) return undefined;
    const found = circle(stuck);
    const left = this.#threads.get(found.thread) ?? [];
    this.#threads.set(
      found.thread,
      left.filter(({ name }) => name !== found.name),
    );
    return found;
  }

  /** All that wait for nothing but each other. */
  #stuck(): readonly Suspect[] {
    let stuck = [...this.#threads.values()].flat();
    for (;;) {
      const waiting = new Set(stuck.flatMap(({ chain }) => chain));
      const rest = stuck.filter(({ behind }) => behind.every((call) => waiting.has(call)));
      if (rest.length === stuck.length) return stuck;
      stuck = rest;
    }
  }
}

/** Follows who waits for whom until somebody comes again. */
function circle(stuck: readonly Suspect[]): FoundCircle {
  const after = (ask: Suspect) => {
    const [call = 0] = ask.behind;
    const next = stuck.find(({ chain }) => chain.includes(call)) as Suspect;
    return { next, actors: pathsOf(next.chain.slice(next.chain.indexOf(call) - 1)) };
  };
  const seen = new Set<Suspect>();
  let start = stuck[0] as Suspect;
  for (; !seen.has(start); start = after(start).next) seen.add(start);
  const path: string[] = [];
  let ask = start;
  do {
    const { next, actors } = after(ask);
    path.push(...actors);
    ask = next;
  } while (ask !== start);
  return { thread: start.thread, name: start.name, path: [...path, start.at] };
}
