import type { ActorCell } from './actor-cell.ts';
import { callNumber, circleOf, deadlock, waitsFor } from './ask-chain.ts';
import type { BlockedAsk } from './blocked-ask.ts';
import type { Message } from './message.ts';

/** Milliseconds between two looks. */
const lookMs = 50;
/**
 * Looks at which an ask waits behind the same calls before it is suspected: a call that did not await what it asked
 * may end by itself. Looks and not time, because a thread that was held up for long gave the call no chance.
 */
const grace = 5;

interface Look {
  /** What ran when it was last looked at. */
  readonly calls: readonly Message[];
  /** Looks since at which they were the same. */
  times: number;
}

/**
 * Looks after the asks of a thread that were made in calls and wait for busy actors. One that waits for a call it was
 * made in is refused here; what may be part of a circle through other actors is reported, since each thread
 * sees only what waits in it.
 */
export class AskChainWatch {
  readonly #report: (asks: readonly BlockedAsk[]) => void;
  readonly #cells = new Map<ActorCell, Look | undefined>();
  readonly #suspects = new Map<Message, BlockedAsk>();
  #timer: NodeJS.Timeout | undefined;
  #named = 0;

  /** @param report takes all suspects of this thread, time after time, and none when there are none any more */
  constructor(report: (asks: readonly BlockedAsk[]) => void) {
    this.#report = report;
  }

  /** An ask that was made in a call waits there. */
  watch(cell: ActorCell): void {
    if (this.#cells.has(cell)) return;
    this.#cells.set(cell, undefined);
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.look(), lookMs);
    this.#timer.unref();
  }

  /** A suspect has turned out to be part of a circle. */
  refuse(name: number, path: readonly string[]): void {
    for (const [ask, suspect] of this.#suspects) {
      if (suspect.name === name && ask.to.refuseWaiting(ask, deadlock(path))) this.#suspects.delete(ask);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#cells.clear();
    this.#suspects.clear();
  }

  look(now = Date.now()): void {
    const suspects = new Map<Message, BlockedAsk>();
    for (const [cell, before] of this.#cells) {
      const asks = cell.waitingAsks();
      const calls = cell.calls;
      if (asks.length === 0) this.#cells.delete(cell);
      else if (before === undefined || !isSame(before.calls, calls))
        this.#cells.set(cell, { calls, times: 0 });
      else if (++before.times >= grace && cell.isFull) this.#judge(asks, calls, now, suspects);
    }
    const reported = this.#suspects.size > 0;
    this.#suspects.clear();
    for (const [ask, suspect] of suspects) this.#suspects.set(ask, suspect);
    if (suspects.size > 0 || reported) this.#report([...suspects.values()]);
    if (this.#cells.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #judge(
    asks: readonly Message[],
    calls: readonly Message[],
    now: number,
    suspects: Map<Message, BlockedAsk>,
  ): void {
    const circle = calls.map((call) => asks.find((ask) => waitsFor(call, ask)));
    if (circle.every((ask) => ask !== undefined)) {
      // One of several places is enough to go on.
      const [call] = calls as [Message];
      const refused = calls.length > 1 ? circle.slice(0, 1) : asks.filter((ask) => waitsFor(call, ask));
      for (const ask of refused) ask?.to.refuseWaiting(ask, deadlock(circleOf(ask, call)));
      return;
    }
    const behind = calls.map(callNumber);
    // A call that waits for nobody ends by itself.
    if (calls.some(({ openAsks }) => openAsks === undefined || openAsks.size === 0)) return;
    for (const ask of asks) {
      const { name, since } = this.#suspects.get(ask) ?? { name: ++this.#named, since: now };
      const { chain, to } = ask;
      suspects.set(ask, {
        name,
        at: to.path,
        chain: chain ?? [],
        behind: behind as number[],
        since,
        seen: now,
      });
    }
  }
}

function isSame(one: readonly Message[], other: readonly Message[]): boolean {
  return one.length === other.length && one.every((call, index) => call === other[index]);
}
