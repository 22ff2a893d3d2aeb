export interface LogLine {
  readonly at: string;
  readonly level: string;
  readonly text: string;
}

/** Tells which lines of a log, read again and again from its end, are new. Lines have times, and no numbers. */
export class NewLogLines {
  #at: string;
  #atThatTime = 0;

  /** @param since lines before it are old, ISO 8601 */
  constructor(since: string) {
    this.#at = since;
  }

  /** @param lines oldest first */
  of(lines: readonly LogLine[]): readonly LogLine[] {
    let same = 0;
    const fresh = lines.filter(({ at }) => {
      if (at === this.#at) same += 1;
      return at > this.#at || (at === this.#at && same > this.#atThatTime);
    });
    const last = lines.at(-1)?.at;
    if (last !== undefined && last >= this.#at) {
      this.#atThatTime = lines.filter(({ at }) => at === last).length;
      this.#at = last;
    }
    return fresh;
  }
}
