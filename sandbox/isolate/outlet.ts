import { Buffer } from 'node:buffer';
import { outletLayout } from './outlet-layout.ts';

// A cage takes the name away from its process before any guest is there.
const Shared = SharedArrayBuffer;

/**
 * Memory that the dispatcher of one isolate writes short records into, so that most turns need no second entry into
 * the isolate to hear what was said. A guest has no way to it. What stands in it is hostile text all the same.
 */
export class Outlet {
  /** For the dispatcher. */
  readonly memory = new Shared(outletLayout.bytes);
  readonly #head = new Uint32Array(this.memory, 0, 2);
  readonly #text = Buffer.from(this.memory, outletLayout.head);

  /** More was said than stands here; it is to be drained. */
  get hasMore(): boolean {
    return this.#head[1] !== 0;
  }

  /** Records separated by line feeds. Empties it; only between two turns. */
  take(): string {
    const length = Math.min(this.#head[0] ?? 0, this.#text.length);
    if (length === 0) return '';
    this.#head[0] = 0;
    return this.#text.toString('latin1', 0, length);
  }
}
