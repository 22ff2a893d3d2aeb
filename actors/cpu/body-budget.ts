/**
 * Bytes of request bodies that may be in memory at the same time in one thread. Without it, ten thousand slow clients
 * with a body just under the limit each would fill the memory.
 */
export class BodyBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** @returns false when the bytes are not to be had; then nothing was taken */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}
