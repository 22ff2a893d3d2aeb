import type { Outgoing } from './outgoing.ts';
import { slots } from './wire-record.ts';

/**
 * The messages of one connection that the sender still answers for, by slot, and the marks its receiver makes
 * in shared memory. When the receiver's thread dies the marks remain and tell which messages were started.
 */
export class SlotTable {
  readonly #marks: Uint8Array;
  readonly #kept: (Outgoing | undefined)[] = new Array(slots);
  readonly #free = new Int32Array(slots);
  #freeCount = slots;
  /** Slots of tells on the wire: nobody answers them, so they are swept. */
  #tells: number[] = [];
  #sweepAt = slots / 2;
  #order = 0;

  constructor(marks: SharedArrayBuffer) {
    this.#marks = new Uint8Array(marks);
    for (let slot = 0; slot < slots; slot++) this.#free[slot] = slots - 1 - slot;
  }

  /** Gives the message a slot. @returns false when all are taken: the window of this connection is used up */
  take(outgoing: Outgoing): boolean {
    if (this.#freeCount === 0 || this.#tells.length > this.#sweepAt) this.sweep();
    if (this.#freeCount === 0) return false;
    const slot = this.#free[--this.#freeCount] as number;
    outgoing.slot = slot;
    outgoing.order = ++this.#order;
    this.#kept[slot] = outgoing;
    if (!outgoing.asked) this.#tells.push(slot);
    return true;
  }

  /** Messages that are not answered, or, if they are tells, not started. */
  get inUse(): number {
    this.sweep();
    return slots - this.#freeCount;
  }

  get(slot: number): Outgoing | undefined {
    return this.#kept[slot];
  }

  /** The receiver is done with an ask. */
  release(slot: number): Outgoing | undefined {
    const outgoing = this.#kept[slot];
    if (outgoing === undefined) return undefined;
    this.#clear(slot, outgoing);
    return outgoing;
  }

  /** Frees the slots of all tells that were started. */
  sweep(): void {
    const waiting: number[] = [];
    for (const slot of this.#tells) {
      const outgoing = this.#kept[slot];
      if (outgoing === undefined || outgoing.asked) continue;
      if (Atomics.load(this.#marks, slot) === 0) waiting.push(slot);
      else this.#clear(slot, outgoing);
    }
    this.#tells = waiting;
    // Sweeping again before many more were sent would find little.
    this.#sweepAt = Math.max(slots / 2, waiting.length + slots / 8);
  }

  /** The receiver died: all messages in order of sending, each with whether it was started, and had run. */
  drain(): { readonly outgoing: Outgoing; readonly started: boolean; readonly ran: boolean }[] {
    const kept: { outgoing: Outgoing; started: boolean; ran: boolean }[] = [];
    for (let slot = 0; slot < slots; slot++) {
      const outgoing = this.#kept[slot];
      if (outgoing === undefined) continue;
      const mark = Atomics.load(this.#marks, slot);
      kept.push({ outgoing, started: mark !== 0, ran: mark === 2 });
      this.#clear(slot, outgoing);
    }
    this.#tells = [];
    return kept.sort((a, b) => a.outgoing.order - b.outgoing.order);
  }

  /**
   * The receiver does not start these messages any more, but its thread lives on: takes out those that are not
   * marked started, in order of sending. Their slots stay unused for the rest of the connection, because the
   * receiver may still say something about them: that it had no room for one, or that one expired.
   */
  takeBack(matches: (outgoing: Outgoing) => boolean): readonly Outgoing[] {
    const taken: Outgoing[] = [];
    for (let slot = 0; slot < slots; slot++) {
      const outgoing = this.#kept[slot];
      if (outgoing === undefined || outgoing.settled || !matches(outgoing)) continue;
      if (Atomics.load(this.#marks, slot) !== 0) continue;
      this.#kept[slot] = undefined;
      outgoing.slot = -1;
      taken.push(outgoing);
    }
    return taken.sort((a, b) => a.order - b.order);
  }

  #clear(slot: number, outgoing: Outgoing): void {
    this.#kept[slot] = undefined;
    outgoing.slot = -1;
    Atomics.store(this.#marks, slot, 0);
    this.#free[this.#freeCount++] = slot;
  }
}
