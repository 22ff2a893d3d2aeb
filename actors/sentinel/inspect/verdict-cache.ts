/**
 * What was found for values that come again and again, user agents above all. Two generations: when the young one
 * is full it becomes the old one, so the memory is bounded and a flood of new values costs a map insertion each.
 */
export class VerdictCache<Verdict> {
  private young = new Map<string, Verdict>();
  private old = new Map<string, Verdict>();
  private readonly generation: number;
  private readonly longest: number;

  /**
   * @param generation values per generation; at most twice as many are kept
   * @param longest characters; longer values are not kept
   */
  constructor(generation = 1024, longest = 512) {
    this.generation = generation;
    this.longest = longest;
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  get(value: string): Verdict | undefined {
    if (value.length > this.longest) return undefined;
    const young = this.young.get(value);
    if (young !== undefined) return young;
    const old = this.old.get(value);
    if (old !== undefined) this.set(value, old);
    return old;
  }

  set(value: string, verdict: Verdict): void {
    if (value.length > this.longest) return;
    if (this.young.size >= this.generation) {
      this.old = this.young;
      this.young = new Map();
    }
    // A copy: a slice would keep the whole query or header it was cut from in memory.
    this.young.set(Buffer.from(value, 'utf16le').toString('utf16le'), verdict);
  }
}
