import { Deque } from './deque.ts';

/** Messages of a topic that may be on their way to one thread before it says that its subscribers took some. */
const window = 1_024;
/** Messages that are held for a thread whose subscribers are behind. */
const heldLimit = 50_000;

/** What is published to the subscribers of one thread: as much at a time as they take. */
export class TopicOutflow {
  readonly #send: (from: string, payload: unknown) => void;
  readonly #held = new Deque<{ readonly from: string; readonly payload: unknown }>();
  #flying = 0;
  #waiting: (() => void)[] = [];

  constructor(send: (from: string, payload: unknown) => void) {
    this.#send = send;
  }

  /** @returns false when it is held, `lost` when there was no room even for that */
  push(from: string, payload: unknown): boolean | 'lost' {
    if (this.#flying < window && this.#held.length === 0) {
      this.#flying += 1;
      this.#send(from, payload);
      return true;
    }
    if (this.#held.length >= heldLimit) return 'lost';
    this.#held.push({ from, payload });
    return false;
  }

  /** Resolves when nothing is held any more. */
  room(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** The subscribers took so many. */
  taken(count: number): void {
    // What it says of a former connection counts for nothing.
    this.#flying = Math.max(0, this.#flying - count);
    while (this.#flying < window) {
      const next = this.#held.shift();
      if (next === undefined) break;
      this.#flying += 1;
      this.#send(next.from, next.payload);
    }
    if (this.#held.length === 0) this.#release();
  }

  /** Nobody subscribes there any more. */
  close(): void {
    this.#held.extract(() => true);
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** A quarter of what may be on its way: so often a thread says what was taken. */
  static readonly reportEvery = window / 4;
}
