/** A miss asks the owner side at most this often per project and thread, whatever callers do. */
const pauseMs = 100;
/** Nobody waits longer than this: what is not known by then is answered with the schema at hand. */
const longestWaitMs = 1000;

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

  /** @param activate asks the owner side; resolves when this replica is up to date */
  constructor(activate: (project: string) => Promise<void>) {
    this.#activate = activate;
  }

  /** @returns undefined when it was asked a moment ago or does not answer in time; never rejects */
  freshen(project: string): Promise<void> | undefined {
    const asked = this.#asked.get(project);
    if (asked !== undefined) {
      if (asked.late) return undefined;
      if (asked.settledAt === undefined) return asked.answer;
      if (Date.now() - asked.settledAt < pauseMs) return undefined;
    }
    const entry: Asked = { answer: Promise.resolve(), late: false, settledAt: undefined };
    entry.answer = new Promise((resolve) => {
      const giveUp = setTimeout(() => {
        entry.late = true;
        resolve();
      }, longestWaitMs);
      const settle = (): void => {
        clearTimeout(giveUp);
        entry.late = false;
        entry.settledAt = Date.now();
        resolve();
      };
      // A failure leaves the schema as it is, and the caller with the answer it would have had.
      this.#activate(project).then(settle, settle);
    });
    this.#asked.set(project, entry);
    return entry.answer;
  }
}
