import { performance } from 'node:perf_hooks';
import { WatchdogMark } from './watchdog-mark.ts';

/** A thread whose event loop does not turn, or turns again. */
export interface BlockedThread {
  readonly thread: string;
  /** Path of the actor whose message runs, or ran last when `running` is false; empty when there was none. */
  readonly actor: string;
  readonly method: string;
  /**
   * The method has not returned. Else the thread is held up by something that is no message: what goes on after an
   * await, a request handler, the code of a module.
   */
  readonly running: boolean;
  readonly forMs: number;
}

export interface WatchdogOptions {
  /** Milliseconds without a turn of its event loop after which a thread is blocked. */
  readonly blockedMs: number;
  /** Milliseconds after which it is stuck; 0 for never. */
  readonly stuckMs: number;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** Several threads look at the same one, and one of them reports. */
  readonly shared?: boolean;
  /** A thread is blocked; again each time it has lasted twice as long. */
  onBlocked(blocked: BlockedThread): void;
  /** Once, as long as it is blocked. */
  onStuck?(blocked: BlockedThread): void;
  /** It goes on. */
  onOver(blocked: BlockedThread): void;
  readonly now?: () => number;
}

interface Watched {
  readonly mark: WatchdogMark;
  beat: number;
  beatAt: number;
  sequence: number;
  sequenceAt: number;
  /** Milliseconds at which it is told next. */
  nextMs: number;
  told: BlockedThread | undefined;
  stuck: boolean;
}

/** Looks at the marks of other threads and tells when one does not get on, while that lasts, and why. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #now: () => number;
  #lookedAt: number;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#lookedAt = this.#now();
  }

  watch(thread: string, buffer: SharedArrayBuffer): void {
    const mark = new WatchdogMark(buffer);
    const now = this.#now();
    const nextMs = this.#options.blockedMs;
    const seen = { beat: -1, beatAt: now, sequence: 0, sequenceAt: now };
    this.#watched.set(thread, { mark, ...seen, nextMs, told: undefined, stuck: false });
  }

  forget(thread: string): void {
    this.#watched.delete(thread);
  }

  /** Threads that are blocked now, as they were told of last. */
  blocked(): readonly BlockedThread[] {
    const now = this.#now();
    return [...this.#watched.values()].flatMap(({ told, beatAt }) =>
      told === undefined ? [] : [{ ...told, forMs: now - beatAt }],
    );
  }

  look(): void {
    const now = this.#now();
    // Whoever did not get to look (a stopped process, a machine that slept) cannot judge others.
    const late = now - this.#lookedAt > 4 * this.#options.everyMs + 100;
    this.#lookedAt = now;
    for (const [thread, watched] of this.#watched) this.#lookAt(thread, watched, now, late);
  }

  #lookAt(thread: string, watched: Watched, now: number, late: boolean): void {
    const { mark } = watched;
    const { beat, sequence } = mark.progress;
    if (sequence !== watched.sequence) {
      watched.sequence = sequence;
      watched.sequenceAt = now;
    }
    if (beat !== watched.beat || late) {
      const { told, beatAt } = watched;
      Object.assign(watched, { beat, beatAt: now, told: undefined, stuck: false });
      if (late) watched.sequenceAt = now;
      watched.nextMs = this.#options.blockedMs;
      if (told !== undefined && !late) this.#options.onOver({ ...told, forMs: now - beatAt });
      return;
    }
    const forMs = now - watched.beatAt;
    if (forMs < watched.nextMs || !mark.watched) {
      this.#isStuck(thread, watched, forMs);
      return;
    }
    if (watched.told === undefined && this.#options.shared === true && !mark.claim(beat)) {
      // Somebody else tells of this one.
      watched.nextMs = Number.POSITIVE_INFINITY;
      return;
    }
    watched.nextMs *= 2;
    watched.told = this.#describe(thread, watched, forMs);
    this.#options.onBlocked(watched.told);
    this.#isStuck(thread, watched, forMs);
  }

  #isStuck(thread: string, watched: Watched, forMs: number): void {
    const { stuckMs, onStuck } = this.#options;
    if (watched.told === undefined || stuckMs === 0 || forMs < stuckMs || watched.stuck) return;
    watched.stuck = true;
    onStuck?.(this.#describe(thread, watched, forMs));
  }

  #describe(thread: string, watched: Watched, forMs: number): BlockedThread {
    const { actor, method, sequence } = watched.mark.read();
    const lasted = this.#now() - watched.sequenceAt;
    // Many short messages in a row keep the loop from turning too, and none of them is to blame.
    const running = sequence % 2 !== 0 && lasted >= Math.min(forMs, this.#options.blockedMs) / 2;
    return { thread, actor, method, running, forMs };
  }
}
