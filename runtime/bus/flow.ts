/**
 * Bounds what one thread posts to another when that one is stuck: a MessagePort takes everything. The receiver
 * counts what it has taken in shared memory, so that nothing has to be sent back.
 */
export class Flow {
  readonly #taken: Int32Array;
  readonly #at: number;
  readonly #limit: number;
  #sent = 0;

  /**
   * @param at which counter of the shared memory
   * @param limit how much may be on its way
   */
  constructor(shared: SharedArrayBuffer, at: number, limit: number) {
    this.#taken = new Int32Array(shared);
    this.#at = at;
    this.#limit = limit;
  }

  get full(): boolean {
    // The counters wrap around; their difference does not.
    return ((this.#sent - Atomics.load(this.#taken, this.#at)) | 0) >= this.#limit;
  }

  sent(count = 1): void {
    this.#sent = (this.#sent + count) | 0;
  }

  taken(count = 1): void {
    Atomics.add(this.#taken, this.#at, count);
  }
}
