/** A miss asks the owner side at most this often per project and thread, whatever callers do. */
const pauseMs = 100;

/**
 * Makes sure that changes announced so far have arrived. A script that makes a table and asks for it at once is
 * faster than the push; so before a name is called unknown, the owner side is asked whether news is under way.
 */
export class Freshener {
  readonly #activate: (project: string) => Promise<void>;
  readonly #asked = new Map<string, { readonly answer: Promise<void>; settledAt: number | undefined }>();

  /** @param activate asks the owner side; resolves when this replica is up to date */
  constructor(activate: (project: string) => Promise<void>) {
    this.#activate = activate;
  }

  /** @returns undefined when it was asked a moment ago; never rejects */
  freshen(project: string): Promise<void> | undefined {
    const asked = this.#asked.get(project);
    if (asked !== undefined) {
      if (asked.settledAt === undefined) return asked.answer;
      if (Date.now() - asked.settledAt < pauseMs) return undefined;
    }
    const entry: { answer: Promise<void>; settledAt: number | undefined } = {
      // A failure leaves the schema as it is, and the caller with the answer it would have had.
      answer: this.#activate(project).catch(() => {}),
      settledAt: undefined,
    };
    void entry.answer.then(() => {
      entry.settledAt = Date.now();
    });
    this.#asked.set(project, entry);
    return entry.answer;
  }
}
