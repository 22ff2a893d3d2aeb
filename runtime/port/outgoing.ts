import type { DeadlineQueue, Expiring } from '../actor/deadline-queue.ts';
import type { Message } from '../actor/message.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Meta } from './wire-record.ts';

/** Who sends to whom, with the numbers its port knows them by. One per ref. */
export interface Address {
  readonly target: string;
  readonly from: string;
  /** Signatures by method, valid for one connection of one link. */
  signatures: Map<string, number>;
  /** That connection, by its identity: an actor may come back in another thread. */
  connection: object | undefined;
}

/**
 * A message its sender still answers for: an ask until its promise is settled and the receiver is done with it,
 * a tell until it is started. Kept whole so that it can be sent again to the next incarnation.
 */
export class Outgoing implements Expiring {
  readonly address: Address;
  readonly method: string;
  readonly payload: unknown;
  readonly deadline: number;
  readonly meta: Meta | undefined;
  readonly asked: boolean;
  before: Expiring | undefined = undefined;
  after: Expiring | undefined = undefined;
  /** Place in the table of the link while on the wire; -1 before. */
  slot = -1;
  /** Order of sending, for sending again. */
  order = 0;
  settled = false;
  /** Tells the target that nobody waits; set by the link while the message is on the wire. */
  onAbandon: ((outgoing: Outgoing) => void) | undefined = undefined;
  /** The call it is asked in, which may wait for it. */
  asker: Message | undefined = undefined;
  readonly #deadlines: DeadlineQueue | undefined;
  #resolve: ((value: unknown) => void) | undefined;
  #reject: ((error: MagFlockError) => void) | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  /** @param deadlines undefined for a tell */
  constructor(
    address: Address,
    method: string,
    payload: unknown,
    deadline: number,
    meta: Meta | undefined,
    deadlines: DeadlineQueue | undefined,
  ) {
    this.address = address;
    this.method = method;
    this.payload = payload;
    this.deadline = deadline;
    this.meta = meta;
    this.asked = deadlines !== undefined;
    this.#deadlines = deadlines;
  }

  /** The asker's promise; begins to watch deadline and signal. */
  promise(signal: AbortSignal | undefined): Promise<unknown> {
    return new Promise<unknown>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#deadlines?.add(this);
      if (signal !== undefined) this.#watch(signal);
    });
  }

  reply(value: unknown): void {
    if (this.settled) return;
    this.#end();
    this.#resolve?.(value);
  }

  fail(error: unknown): void {
    if (this.settled) return;
    this.#end();
    this.#reject?.(MagFlockError.from(error));
  }

  /** The deadline has come. */
  expire(): void {
    if (this.settled) return;
    this.fail(
      new MagFlockError('MF602', `${this.address.target}.${this.method} did not answer before its deadline`, {
        details: { part: this.address.target, method: this.method },
      }),
    );
    this.onAbandon?.(this);
  }

  /** The asker does not want it any more. */
  cancel(): void {
    if (this.settled) return;
    this.fail(
      new MagFlockError('MF606', `${this.address.target}.${this.method} was cancelled by its caller`, {
        details: { part: this.address.target, method: this.method },
      }),
    );
    this.onAbandon?.(this);
  }

  #end(): void {
    this.settled = true;
    this.#deadlines?.remove(this);
    this.asker?.openAsks?.delete(this);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  #watch(signal: AbortSignal): void {
    this.#signal = signal;
    this.#onAbort = () => this.cancel();
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }
}
