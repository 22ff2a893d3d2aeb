import type { ActorCell } from './actor-cell.ts';
import type { ActorRef } from './actor-ref.ts';
import type { ContextHost } from './context-host.ts';
import { linkedEnded } from './link-actors.ts';
import { LocalRef } from './local-ref.ts';
import type { Terminated } from './terminated.ts';
import type { Topic } from './topic.ts';

/** Watches and links of one incarnation; they end with it. */
export class ContextBonds {
  readonly #cell: ActorCell;
  readonly #host: ContextHost;
  readonly #ends = new Set<() => void>();
  #stopping = false;
  #closed = false;

  constructor(cell: ActorCell, host: ContextHost) {
    this.#cell = cell;
    this.#host = host;
  }

  watch(ref: ActorRef<never>, handler: (terminated: Terminated) => void | Promise<void>): () => void {
    return this.#watch(ref, (terminated, isOver) => {
      this.#cell.enqueueTimer(() => (isOver() || this.#closed ? undefined : handler(terminated)));
    });
  }

  /** The same for the runtime, which need not wait for its turn; silent from the moment this actor is to end. */
  notice(ref: ActorRef<never>, tell: () => void): () => void {
    return this.#watch(ref, () => {
      if (!this.#stopping) tell();
    });
  }

  stopping(): void {
    this.#stopping = true;
  }

  link(ref: ActorRef<never>): () => void {
    if (this.#closed) return () => {};
    const unlink = this.#host.watches.link(this.#cell, targetOf(ref));
    let end = () => {};
    const forget = () => {
      this.#ends.delete(forget);
      // The end of this incarnation is told within this turn, to those that are linked then.
      if (this.#closed) queueMicrotask(unlink);
      else unlink();
    };
    this.#ends.add(forget);
    end = this.#watch(ref, (terminated) => {
      forget();
      // Not within the message that has linked to one that is dead already.
      queueMicrotask(() => {
        if (!this.#closed) linkedEnded(this.#cell, terminated);
      });
    });
    return () => {
      end();
      forget();
    };
  }

  topic<T>(name: string): Topic<T> {
    const { topics } = this.#host;
    const { path } = this.#cell;
    return {
      name,
      publish: (message) => (this.#closed ? undefined : topics.publish(name, path, message)),
      subscribe: (handler) => {
        if (this.#closed) return Object.assign(() => {}, { known: Promise.resolve() });
        const { end, known } = topics.subscribe(this.#cell, name, handler);
        const over = () => {
          this.#ends.delete(over);
          end();
        };
        this.#ends.add(over);
        return Object.assign(over, { known });
      },
    };
  }

  close(): void {
    this.#closed = true;
    for (const end of this.#ends) end();
    this.#ends.clear();
  }

  #watch(ref: ActorRef<never>, tell: (terminated: Terminated, isOver: () => boolean) => void): () => void {
    if (this.#closed) return () => {};
    let over = false;
    let fired = false;
    let unwatch = () => {};
    const end = () => {
      over = true;
      this.#ends.delete(end);
      unwatch();
    };
    this.#ends.add(end);
    // It may fire at once.
    unwatch = this.#host.watches.watch(targetOf(ref), (terminated) => {
      if (over || fired) return;
      fired = true;
      this.#ends.delete(end);
      tell(terminated, () => over);
    });
    return end;
  }
}

function targetOf(ref: ActorRef<never>): ActorCell | string {
  return LocalRef.cellOf(ref) ?? ref.path.slice(1);
}
