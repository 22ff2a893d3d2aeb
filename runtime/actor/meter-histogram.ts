/** Buckets per doubling: a quantile is at most 9 % off. */
const perOctave = 4;
/** From a microsecond to about a minute. */
const buckets = 26 * perOctave;

/** Times of the last half to whole minute, in buckets that grow by a fifth. */
export class MeterHistogram {
  #now = new Float64Array(buckets);
  #before = new Float64Array(buckets);

  /** @param weight how many times this one stands for */
  add(milliseconds: number, weight: number): void {
    const bucket = Math.ceil(Math.log2(milliseconds * 1_000) * perOctave);
    const index = bucket > 0 ? Math.min(bucket, buckets - 1) : 0;
    this.#now[index] = (this.#now[index] as number) + weight;
  }

  /** Half a minute has passed: what is older than that goes. */
  rotate(): void {
    const oldest = this.#before;
    this.#before = this.#now;
    this.#now = oldest.fill(0);
  }

  /** Milliseconds that this share of the times does not exceed; 0 when there are none. */
  quantile(share: number): number {
    let total = 0;
    for (let index = 0; index < buckets; index++) total += this.#count(index);
    if (total === 0) return 0;
    let left = total * share;
    for (let index = 0; index < buckets; index++) {
      left -= this.#count(index);
      // The middle of the bucket, as times go.
      if (left <= 0) return 2 ** ((index - 0.5) / perOctave) / 1_000;
    }
    return 2 ** (buckets / perOctave) / 1_000;
  }

  #count(index: number): number {
    return (this.#now[index] as number) + (this.#before[index] as number);
  }
}
