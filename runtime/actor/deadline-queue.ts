/** Something that must end at a time. Linked into the queue's list, so that leaving it costs nothing. */
export interface Expiring {
  readonly deadline: number;
  /** Neighbours in the queue's list; the queue's own business. */
  before: Expiring | undefined;
  after: Expiring | undefined;
  expire(): void;
}

/** Width of a bucket in milliseconds: how late an expiry may be noticed. */
const width = 8;
/** Milliseconds a timer of Node can be set for; it takes longer ones for none at all. */
const longest = 2 ** 31 - 1;

class Bucket implements Expiring {
  readonly deadline: number;
  before: Expiring | undefined = undefined;
  after: Expiring | undefined = undefined;

  constructor(deadline: number) {
    this.deadline = deadline;
  }

  expire(): void {}
}

/**
 * Deadlines of all asks of a thread behind one timer. A timer per ask would cost more than the ask; here an ask
 * joins a bucket of 8 ms and leaves it in constant time, and the timer is set for the earliest bucket only.
 */
export class DeadlineQueue {
  readonly #buckets = new Map<number, Bucket>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(entry: Expiring): void {
    const at = Math.ceil(entry.deadline / width) * width;
    let bucket = this.#buckets.get(at);
    if (bucket === undefined) {
      bucket = new Bucket(at);
      this.#buckets.set(at, bucket);
    }
    entry.before = bucket;
    entry.after = bucket.after;
    if (bucket.after !== undefined) bucket.after.before = entry;
    bucket.after = entry;
    this.#size += 1;
    if (at < this.#timerAt) this.#arm(at);
    else if (this.#size === 1) this.#timer?.ref();
  }

  /** Does nothing for an entry that is not in the queue. */
  remove(entry: Expiring): void {
    if (entry.before === undefined) return;
    entry.before.after = entry.after;
    if (entry.after !== undefined) entry.after.before = entry.before;
    entry.before = undefined;
    entry.after = undefined;
    this.#size -= 1;
    // Nothing waits: the timer must not keep the process alive, but setting it anew for each ask would cost.
    if (this.#size === 0) this.#timer?.unref();
  }

  /** Ends the timer; entries are left alone. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#fire(), Math.min(longest, Math.max(0, at - Date.now())));
    if (this.#size === 0) this.#timer.unref();
  }

  #fire(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = Date.now();
    const due: Expiring[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [at, bucket] of this.#buckets) {
      if (at > now) {
        if (bucket.after === undefined) this.#buckets.delete(at);
        else next = Math.min(next, at);
        continue;
      }
      this.#buckets.delete(at);
      for (let entry = bucket.after; entry !== undefined; entry = entry.after) due.push(entry);
    }
    for (const entry of due) {
      this.remove(entry);
      entry.expire();
    }
    if (next < this.#timerAt) this.#arm(next);
  }
}
