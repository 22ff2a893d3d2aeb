import type { AuditFact } from '../../../runtime/protocol/audit.protocol.ts';

export interface AuditQueueNeeds {
  readonly append: (fact: AuditFact) => Promise<unknown>;
  /** An entry is not in the trail and never will be. */
  readonly lost: (fact: AuditFact, error: unknown) => void;
  /** Entries on their way at the same time. */
  readonly atOnce?: number;
  /** Entries that may wait; a further one is lost. */
  readonly most?: number;
}

/** Entries on their way to the audit trail, so that nobody waits for it. Bounded: a flood must not fill the memory. */
export class AuditQueue {
  readonly #needs: AuditQueueNeeds;
  readonly #atOnce: number;
  readonly #most: number;
  readonly #waiting: AuditFact[] = [];
  readonly #idle: (() => void)[] = [];
  #running = 0;

  constructor(needs: AuditQueueNeeds) {
    this.#needs = needs;
    this.#atOnce = needs.atOnce ?? 16;
    this.#most = needs.most ?? 2_000;
  }

  /** Never throws, never waits. */
  add(fact: AuditFact): void {
    if (this.#running < this.#atOnce) void this.#run(fact);
    else if (this.#waiting.length < this.#most) this.#waiting.push(fact);
    else this.#needs.lost(fact, new Error('too many entries wait for the audit trail'));
  }

  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async #run(first: AuditFact): Promise<void> {
    this.#running += 1;
    for (let fact: AuditFact | undefined = first; fact !== undefined; fact = this.#waiting.shift()) {
      try {
        await this.#needs.append(fact);
      } catch (error) {
        this.#needs.lost(fact, error);
      }
    }
    this.#running -= 1;
    if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
