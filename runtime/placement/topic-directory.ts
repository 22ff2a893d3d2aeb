import type { TopicInterest } from '../actor/thread-topics.ts';
import type { ActorHost } from './actor-host.ts';
import type { Thread } from './thread.ts';

/** Milliseconds a thread gets to say that it has heard who subscribes. */
const heardMs = 5_000;
const main = 'main';

/** Which thread has subscribers to which topic: kept in the main thread, told to all, so that messages go directly. */
export class TopicDirectory {
  readonly #host: ActorHost;
  readonly #threads: () => readonly Thread[];
  /** Threads by topic. */
  readonly #interested = new Map<string, Set<string>>();

  constructor(host: ActorHost, threads: () => readonly Thread[]) {
    this.#host = host;
    this.#threads = threads;
  }

  /** A new thread lives. */
  add(thread: Thread): void {
    const changes = [...this.#interested].flatMap(([name, threads]) =>
      [...threads].map((each) => ({ thread: each, name, interested: true })),
    );
    if (changes.length > 0) thread.send({ kind: 'topics', changes });
  }

  /** A thread has ended; all others hear of that, and draw their conclusions. */
  remove(thread: string): void {
    for (const [name, threads] of this.#interested) this.#drop(name, threads, thread);
  }

  /** A thread has its first, or no more, subscriber to a topic. */
  async interest(thread: string, name: string, interested: boolean): Promise<void> {
    const threads = this.#interested.get(name) ?? new Set();
    if (interested) this.#interested.set(name, threads.add(thread));
    else this.#drop(name, threads, thread);
    const changes: readonly TopicInterest[] = [{ thread, name, interested }];
    const others = this.#threads().filter((each) => each.name !== thread);
    const heard = others.map((each) => each.order('topics', { changes }, heardMs));
    this.#host.topics.update(changes);
    await Promise.allSettled(heard);
    if (!interested) return;
    if (thread === main) this.#host.topics.known(name);
    else
      this.#threads()
        .find((each) => each.name === thread)
        ?.send({ kind: 'topic-known', name });
  }

  #drop(name: string, threads: Set<string>, thread: string): void {
    threads.delete(thread);
    if (threads.size === 0) this.#interested.delete(name);
  }
}
