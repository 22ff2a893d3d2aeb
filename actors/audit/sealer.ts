import { AsyncLocalStorage } from 'node:async_hooks';
import type { Timers } from '../../runtime/actor/timers.ts';
import { retryDelay } from './retry-delay.ts';
import { Semaphore } from './semaphore.ts';

export interface SealerNeeds {
  /** Seals all that waits in one project's outbox. */
  readonly seal: (project: string) => Promise<unknown>;
  readonly timers: Pick<Timers, 'after'>;
  /** Longest time a committed write waits, milliseconds. */
  readonly sealIntervalMs: number;
  readonly failed: (project: string, error: unknown, failures: number) => void;
  readonly now: () => number;
}

interface ProjectWork {
  running: Promise<void> | null;
  again: boolean;
  failures: number;
  cancelTimer: (() => void) | null;
  wokenAt: number;
}

const activeMs = 600_000;

/**
 * Decides when which project is sealed. Wakes are coalesced: the first one of a burst starts a timer of half the
 * interval, so a busy project pays for a few batches a second and not for one per write. A project whose database
 * does not answer is tried again ever more seldom and holds up no other one.
 */
export class Sealer {
  readonly #needs: SealerNeeds;
  readonly #projects = new Map<string, ProjectWork>();
  readonly #running = new Semaphore(16);
  // A run serves everybody who waits for it; it must not run under the deadline of the one who started it.
  readonly #detached = AsyncLocalStorage.snapshot();
  #stopped = false;

  constructor(needs: SealerNeeds) {
    this.#needs = needs;
  }

  /** Rows may be waiting. Returns at once. */
  wake(project: string): void {
    const work = this.#work(project);
    work.wokenAt = this.#needs.now();
    if (work.running !== null) work.again = true;
    else this.#schedule(project, work, this.#needs.sealIntervalMs / 2);
  }

  /** For wakes that were lost with the thread that should have sent them: projects woken in the last 10 minutes. */
  wakeActive(): void {
    const since = this.#needs.now() - activeMs;
    for (const [project, work] of this.#projects) {
      if (work.running !== null || work.cancelTimer !== null) continue;
      if (work.wokenAt < since) this.#projects.delete(project);
      else this.#schedule(project, work, 0);
    }
  }

  /** The database is back: nobody waits out a delay that was made for its absence. */
  retryNow(): void {
    for (const [project, work] of this.#projects) {
      if (work.failures === 0 || work.running !== null) continue;
      work.cancelTimer?.();
      work.cancelTimer = null;
      this.#schedule(project, work, 0);
    }
  }

  /** Seals now; settles when all rows committed before the call are in the chain, or with the error. */
  async sealNow(project: string): Promise<void> {
    const work = this.#work(project);
    // A run that is under way may have read the outbox before the caller's row was there.
    if (work.running !== null) await work.running.catch(() => {});
    await (work.running ?? this.#run(project, work));
  }

  /** Projects that have failed since their last success. */
  get failing(): readonly string[] {
    return [...this.#projects].filter(([, work]) => work.failures > 0).map(([project]) => project);
  }

  /** Ends timers and waits for what runs; seals what is known to wait when `drain`. */
  async stop(drain: boolean): Promise<void> {
    this.#stopped = true;
    const waiting = [...this.#projects].filter(([, work]) => work.cancelTimer !== null || work.again);
    for (const [, work] of this.#projects) work.cancelTimer?.();
    await Promise.allSettled([...this.#projects.values()].map((work) => work.running));
    if (drain) await Promise.allSettled(waiting.map(([project, work]) => this.#run(project, work)));
    this.#projects.clear();
  }

  #work(project: string): ProjectWork {
    let work = this.#projects.get(project);
    if (work === undefined) {
      work = { running: null, again: false, failures: 0, cancelTimer: null, wokenAt: this.#needs.now() };
      this.#projects.set(project, work);
    }
    return work;
  }

  #schedule(project: string, work: ProjectWork, delay: number): void {
    if (this.#stopped || work.cancelTimer !== null) return;
    work.cancelTimer = this.#needs.timers.after(delay, () => {
      work.cancelTimer = null;
      // Not awaited: a timer of an actor must not hold its mailbox while a database is slow.
      if (work.running === null) this.#run(project, work).catch(() => {});
    });
  }

  #run(project: string, work: ProjectWork): Promise<void> {
    work.cancelTimer?.();
    work.cancelTimer = null;
    work.again = false;
    const running = this.#detached(() => this.#running.run(() => this.#needs.seal(project)))
      .then(
        () => {
          work.failures = 0;
        },
        (error: unknown) => {
          work.failures++;
          this.#needs.failed(project, error, work.failures);
          throw error;
        },
      )
      .finally(() => {
        work.running = null;
        if (work.failures > 0) this.#schedule(project, work, retryDelay(work.failures));
        else if (work.again) this.#schedule(project, work, this.#needs.sealIntervalMs / 2);
      });
    work.running = running;
    return running;
  }
}
