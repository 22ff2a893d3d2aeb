interface Place<Item> {
  readonly item: Item;
  readonly level: number;
}

/**
 * Waiting items in the order of start-time fair queueing (Goyal, Vin, Cheng 1996): each request begins at the level that
 * is being served and rises with what it has asked for so far. A request with one short value goes before the second
 * half of one with many long ones, and nobody waits for ever. First come, first served at the same level.
 */
export class FairQueue<Item> {
  private places: Place<Item>[] = [];
  private served = 0;

  get length(): number {
    return this.places.length;
  }

  /** Where a request that comes now begins. */
  get start(): number {
    return this.served;
  }

  /** @param level of its request's start, plus the cost of all that the request has put here before */
  add(item: Item, level: number): void {
    let low = 0;
    let high = this.places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.places[middle]!.level <= level) low = middle + 1;
      else high = middle;
    }
    if (low === this.places.length) this.places.push({ item, level });
    else this.places.splice(low, 0, { item, level });
  }

  /** In the order in which they are served. */
  *[Symbol.iterator](): Generator<Item> {
    for (const { item } of this.places) yield item;
  }

  /** Takes the first ones out. */
  take(count: number): Item[] {
    const taken = this.places.splice(0, count);
    const last = taken.at(-1);
    if (last !== undefined) this.served = Math.max(this.served, last.level);
    return taken.map(({ item }) => item);
  }

  remove(item: Item): void {
    this.places = this.places.filter((place) => place.item !== item);
  }
}
