/** Places of a ring that is given back when it has run empty. */
const smallest = 16;
const largestKept = 1_024;

/** First in, first out, in a ring that doubles when it is full: nothing is moved when the first item leaves. */
export class Deque<T> {
  #items: (T | undefined)[] = [];
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#items.length) this.#grow(this.#length + 1);
    this.#items[(this.#head + this.#length) & (this.#items.length - 1)] = item;
    this.#length += 1;
  }

  /** Puts items before all others, keeping their order. */
  prepend(items: readonly T[]): void {
    if (this.#length + items.length > this.#items.length) this.#grow(this.#length + items.length);
    const mask = this.#items.length - 1;
    this.#head = (this.#head - items.length) & mask;
    this.#length += items.length;
    for (const [index, item] of items.entries()) this.#items[(this.#head + index) & mask] = item;
  }

  /** The first item, left where it is. */
  peek(): T | undefined {
    return this.#length === 0 ? undefined : this.#items[this.#head];
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const items = this.#items;
    const item = items[this.#head];
    items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (items.length - 1);
    this.#length -= 1;
    if (this.#length === 0 && items.length > largestKept) {
      this.#items = [];
      this.#head = 0;
    }
    return item;
  }

  /** What matches, left where it is. */
  filter(matches: (item: T) => boolean): T[] {
    const found: T[] = [];
    for (let index = 0; index < this.#length; index++) {
      const item = this.#items[(this.#head + index) & (this.#items.length - 1)] as T;
      if (matches(item)) found.push(item);
    }
    return found;
  }

  /** Removes and returns what matches. Slow; for cancellation and refusal only. */
  extract(matches: (item: T) => boolean): T[] {
    const taken: T[] = [];
    const rest: T[] = [];
    const mask = this.#items.length - 1;
    for (let index = 0; index < this.#length; index++) {
      const item = this.#items[(this.#head + index) & mask] as T;
      (matches(item) ? taken : rest).push(item);
    }
    if (taken.length > 0) {
      this.#items = [];
      this.#head = 0;
      this.#length = 0;
      for (const item of rest) this.push(item);
    }
    return taken;
  }

  #grow(needed: number): void {
    let size = Math.max(smallest, this.#items.length);
    while (size < needed) size *= 2;
    const items: (T | undefined)[] = new Array(size);
    for (let index = 0; index < this.#length; index++) {
      items[index] = this.#items[(this.#head + index) & (this.#items.length - 1)];
    }
    this.#items = items;
    this.#head = 0;
  }
}
