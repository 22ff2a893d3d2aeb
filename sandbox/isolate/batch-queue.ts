import { BatchSize } from './batch-size.ts';

/** A call, a result of a system call, a timer; a sign of life, or a call that is over. */
type Kind = 'c' | 'r' | 't' | 'p' | 'x';

/** Those run no code of the guest. */
const isFree = (kind: Kind): boolean => kind === 'p' || kind === 'x';

/** What waits to be handed in to a guest, and how much of it at once. */
export class BatchQueue<Item extends readonly [kind: Kind, ...rest: unknown[]]> {
  #items: Item[] = [];
  readonly #sizes = new Map<Kind, BatchSize>();
  #taken: Kind = 'c';

  get length(): number {
    return this.#items.length;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  clear(): void {
    this.#items = [];
  }

  /** @returns whether there was such a one; it is gone now */
  remove(matches: (item: Item) => boolean): boolean {
    const at = this.#items.findIndex(matches);
    if (at !== -1) this.#items.splice(at, 1);
    return at !== -1;
  }

  /** The first ones of a kind, which cost alike, and all those that cost nothing, which wait for none. */
  take(): readonly Item[] {
    const kind = this.#items.find(([one]) => !isFree(one))?.[0] ?? 'c';
    const most = this.#sizeOf(kind).most;
    this.#taken = kind;
    let taken = 0;
    const batch: Item[] = [];
    const left: Item[] = [];
    for (const item of this.#items) {
      const goes = isFree(item[0]) || (item[0] === kind && taken < most);
      if (item[0] === kind) taken += 1;
      (goes ? batch : left).push(item);
    }
    this.#items = left;
    return batch;
  }

  /** What the batch that was taken last has cost; see `BatchSize.learn`. */
  learn(calls: number, limitMs: number, cpuMicros: number, answers: number): void {
    this.#sizeOf(this.#taken).learn(calls, limitMs, cpuMicros, answers);
  }

  #sizeOf(kind: Kind): BatchSize {
    let size = this.#sizes.get(kind);
    if (size === undefined) {
      size = new BatchSize();
      this.#sizes.set(kind, size);
    }
    return size;
  }
}
