import type { Outgoing } from '../port/outgoing.ts';
import type { MessageSource } from './message.ts';

/** The asker of a message that stays in its thread. */
export class LocalSource implements MessageSource {
  /** What its sender keeps; sent on when the actor moves to another thread. */
  readonly outgoing: Outgoing;

  constructor(outgoing: Outgoing) {
    this.outgoing = outgoing;
  }

  started(): void {}

  reply(_slot: number, value: unknown): void {
    this.outgoing.reply(value);
  }

  fail(_slot: number, error: unknown): void {
    if (this.outgoing.asked) this.outgoing.fail(error);
  }

  release(): void {
    if (this.outgoing.asked) this.outgoing.expire();
  }
}
