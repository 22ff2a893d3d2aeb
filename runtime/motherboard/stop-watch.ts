import type { ActorReport } from '../protocol/tree.protocol.ts';
import type { SupervisedChild } from '../supervision/supervised-child.ts';
import type { BlockedThread } from '../telemetry/watchdog.ts';

/** A part that was asked to stop and has not yet. */
export interface StoppingPart {
  readonly part: string;
  readonly ms: number;
  /** What keeps it, for people. */
  readonly doing: string;
}

export interface StopWatchOptions {
  children(): readonly SupervisedChild[];
  threadOf(child: SupervisedChild): string;
  /** What a thread says of its actors; rejects when it does not answer. */
  observe(thread: string): Promise<readonly ActorReport[]>;
  blocked(): readonly BlockedThread[];
  /** Four times a second, with those that have been at it for longer than a second. */
  onStopping?: ((parts: readonly StoppingPart[]) => void) | undefined;
}

const everyMs = 50;
/** Looks at the states of parts between two questions to their threads. */
const askEvery = 5;
/** Nobody is told of a part that stops as fast as parts do. */
const noticeMs = 1_000;

/** Looks, while the machine stops, at what the parts that take long are doing. */
export class StopWatch {
  readonly #options: StopWatchOptions;
  readonly #since = new Map<string, number>();
  readonly #doing = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #looks = 0;

  constructor(options: StopWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What is known of a part that had to be killed. */
  of(part: string): StoppingPart {
    const ms = Math.round(performance.now() - (this.#since.get(part) ?? performance.now()));
    return { part, ms, doing: this.#doing.get(part) ?? 'did not stop' };
  }

  async #look(): Promise<void> {
    const stopping = this.#options.children().filter(({ state }) => state === 'stopping');
    for (const { spec } of stopping) {
      if (!this.#since.has(spec.id)) this.#since.set(spec.id, performance.now());
    }
    this.#looks += 1;
    if (this.#looking || this.#looks % askEvery !== 0) return;
    this.#looking = true;
    await Promise.all(stopping.map((child) => this.#describe(child)));
    this.#looking = false;
    const slow = stopping
      .filter(({ state }) => state === 'stopping')
      .map(({ spec }) => this.of(spec.id))
      .filter(({ ms }) => ms >= noticeMs);
    if (slow.length > 0) this.#options.onStopping?.(slow);
  }

  async #describe(child: SupervisedChild): Promise<void> {
    const thread = this.#options.threadOf(child);
    const { id } = child.spec;
    try {
      const actors = await this.#options.observe(thread);
      const actor = actors.find(({ name }) => name === id);
      if (actor !== undefined) this.#doing.set(id, describe(actor));
    } catch {
      const blocked = this.#options.blocked().find((each) => each.thread === thread);
      if (blocked?.running === true) {
        this.#doing.set(id, `${blocked.actor}.${blocked.method} holds its thread`);
        // What is known is better than that it has been killed meanwhile.
      } else if (!this.#doing.has(id)) this.#doing.set(id, 'its thread does not answer');
    }
  }
}

function describe({ running, mailbox, phase }: ActorReport): string {
  if (phase === 'waiting') return 'its thread ends';
  if (running > 0 || mailbox > 0) return `drains: ${running} messages run, ${mailbox} wait`;
  return 'is in its stop';
}
