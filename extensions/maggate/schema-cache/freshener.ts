/** A miss asks the owner side at most this often per project and thread, whatever callers do. */
const pauseMs = 100;
/** Nobody waits longer than this: what is not known by then is answered with the schema at hand. */
const longestWaitMs = 1000;
/** Projects remembered at once: callers choose the names, so there is an end to them. */
const mostAsked = 1000;

interface Asked {
  answer: Promise<void>;
  /** The wait was given up; the answer may still come. */
  late: boolean;
  settledAt: number | undefined;
}

/**
 * Makes sure that changes announced so far have arrived. A script that makes a table and asks for it at once is
 * faster than the push; so before a name is called unknown, the owner side is asked whether news is under way.
 */
export class Freshener {
  readonly #activate: (project: string) => Promise<void>;
  readonly #asked = new Map<string, Asked>();
  readonly #now: () => number;

  /** @param activate asks the owner side; resolves when this replica is up to date */
  constructor(activate: (project: string) => Promise<void>, now: () => number = Date.now) {
    this.#activate = activate;
    this.#now = now;
  }

  /** Projects remembered now. */
  get size(): number {
    return this.#asked.size;
  }

  /**
   * @returns undefined when it was asked a moment ago, does not answer in time or too many projects are asked about;
   * never rejects
   */
  freshen(project: string): Promise<void> | undefined {
    const asked = this.#asked.get(project);
    if (asked !== undefined) {
      if (asked.late) return undefined;
      if (asked.settledAt === undefined) return asked.answer;
      if (this.#now() - asked.settledAt < pauseMs) return undefined;
    } else if (this.#asked.size >= mostAsked && !this.#makeRoom()) return undefined;
    const entry: Asked = { answer: Promise.resolve(), late: false, settledAt: undefined };
    entry.answer = new Promise((resolve) => {
      const giveUp = setTimeout(() => {
        entry.late = true;
        resolve();
      }, longestWaitMs);
      const settle = (): void => {
        clearTimeout(giveUp);
        entry.late = false;
        entry.settledAt = this.#now();
        resolve();
      };
      // A failure leaves the schema as it is, and the caller with the answer it would have had.
      this.#activate(project).then(settle, settle);
    });
    this.#asked.set(project, entry);
    return entry.answer;
  }

  /** Forgets answers that no longer keep anybody from asking. @returns whether there is room now */
  #makeRoom(): boolean {
    const old = this.#now() - pauseMs;
    for (const [project, { settledAt }] of this.#asked) {
      if (settledAt !== undefined && settledAt <= old) this.#asked.delete(project);
    }
    return this.#asked.size < mostAsked;
  }
}
