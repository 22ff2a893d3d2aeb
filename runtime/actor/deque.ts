/** First in, first out, without moving what waits: `shift` of a long array would. */
export class Deque<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts items before all others, keeping their order. */
  prepend(items: readonly T[]): void {
    this.#items = [...items, ...this.#items.slice(this.#head)];
    this.#head = 0;
  }

  /** The first item, left where it is. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Removes and returns what matches. Slow; for cancellation and refusal only. */
  extract(matches: (item: T) => boolean): T[] {
    const taken: T[] = [];
    const rest: T[] = [];
    for (let index = this.#head; index < this.#items.length; index++) {
      const item = this.#items[index] as T;
      (matches(item) ? taken : rest).push(item);
    }
    if (taken.length > 0) {
      this.#items = rest;
      this.#head = 0;
    }
    return taken;
  }
}
