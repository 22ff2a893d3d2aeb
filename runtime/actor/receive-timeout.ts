import type { ActorCell } from './actor-cell.ts';
import type { Timers } from './timers.ts';

/**
 * Fires once when an actor has got no message for a time. Looks at the count of its messages when its timer is
 * due instead of setting a timer with each message.
 */
export class ReceiveTimeout {
  readonly #cell: ActorCell;
  readonly #timers: Timers;
  readonly #milliseconds: number;
  readonly #handler: () => void | Promise<void>;
  #handled: number;
  #cancel: () => void = () => {};

  constructor(cell: ActorCell, timers: Timers, milliseconds: number, handler: () => void | Promise<void>) {
    this.#cell = cell;
    this.#timers = timers;
    this.#milliseconds = milliseconds;
    this.#handler = handler;
    this.#handled = cell.handled;
    this.#arm();
  }

  cancel(): void {
    this.#cancel();
  }

  #arm(): void {
    this.#cancel = this.#timers.after(this.#milliseconds, () => {
      const quiet = this.#cell.handled === this.#handled && this.#cell.running <= 1;
      this.#handled = this.#cell.handled;
      if (quiet) return this.#handler();
      this.#arm();
    });
  }
}
