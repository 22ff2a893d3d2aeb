import type { Timers } from '../../runtime/actor/timers.ts';

export interface SchemaWatchOptions {
  readonly timers: Pick<Timers, 'after'>;
  /** Gives the logins of a project what their grants say of its tables as they are now. */
  readonly settle: (project: string) => Promise<void>;
}

/** Changes of a schema come in rows, a migration of twenty tables twenty of them. */
const quietMs = 100;

/**
 * Settles the logins of a project some time after its schema has changed, once for all changes in that time, and never
 * twice at once. Granting is a change of the schema too: it leads to one more round, which finds nothing to grant.
 */
export class SchemaWatch {
  readonly #options: SchemaWatchOptions;
  /** Projects with a round ahead. */
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();

  constructor(options: SchemaWatchOptions) {
    this.#options = options;
  }

  changed(project: string): void {
    if (this.#waiting.has(project)) return;
    this.#waiting.add(project);
    // The round that runs may have looked before this change: it is followed by another.
    if (!this.#running.has(project)) this.#arm(project);
  }

  #arm(project: string): void {
    this.#options.timers.after(quietMs, () => void this.#round(project));
  }

  async #round(project: string): Promise<void> {
    this.#waiting.delete(project);
    this.#running.add(project);
    await this.#options.settle(project).finally(() => this.#running.delete(project));
    if (this.#waiting.has(project)) this.#arm(project);
  }
}
