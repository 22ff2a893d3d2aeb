/** The answer that a message under this id got, and the entry it became. */
export interface KnownId {
  readonly seq: number;
  readonly reply: Uint8Array | null;
}

const mostIds = 10_000;
const mostBytes = 16 * 1024 * 1024;

/** The last messages that came under an id of their sender, so that one that comes again is not run again. */
export class KnownIds {
  readonly #ids = new Map<string, KnownId>();
  #bytes = 0;

  get(id: string): KnownId | undefined {
    return this.#ids.get(id);
  }

  add(id: string, known: KnownId): void {
    this.#ids.set(id, known);
    this.#bytes += known.reply?.byteLength ?? 0;
    for (const [oldest, { reply }] of this.#ids) {
      if (this.#ids.size <= mostIds && this.#bytes <= mostBytes) return;
      this.#ids.delete(oldest);
      this.#bytes -= reply?.byteLength ?? 0;
    }
  }

  all(): [string, KnownId][] {
    return [...this.#ids];
  }
}
