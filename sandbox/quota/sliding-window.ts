/**
 * Amount within the last `spanMs`, in a fixed ring of buckets: adding allocates nothing. It counts up to one bucket
 * more than the span, so what it lets through is never more than the limit in any span.
 */
export interface SlidingWindow {
  add(now: number, amount: number): void;
  sum(now: number): number;
}

/**
 * @param spanMs milliseconds
 * @param count of buckets; the error is one bucket
 */
export function slidingWindow(spanMs: number, count: number): SlidingWindow {
  const width = spanMs / count;
  // One more than the span has, since the current one is not full yet.
  const size = count + 1;
  const buckets = new Float64Array(size);
  let current = 0;
  let slot = 0;
  let total = 0;

  function advance(now: number): void {
    const index = Math.floor(now / width);
    // A clock that goes back must not empty the window.
    if (index <= current) return;
    if (index - current >= size) {
      buckets.fill(0);
      total = 0;
      slot = index % size;
    } else {
      for (let step = current; step < index; step += 1) {
        slot = slot + 1 === size ? 0 : slot + 1;
        total -= buckets[slot] as number;
        buckets[slot] = 0;
      }
    }
    current = index;
  }

  return {
    add(now, amount) {
      advance(now);
      buckets[slot] = (buckets[slot] as number) + amount;
      total += amount;
    },
    sum(now) {
      advance(now);
      return total;
    },
  };
}
