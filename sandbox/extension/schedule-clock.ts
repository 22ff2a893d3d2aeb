import { Cron } from 'croner';
import type { Timers } from '../../runtime/actor/timers.ts';
import type { ManifestSchedule } from '../../runtime/protocol/extension-manifest.ts';

/** Longest a timer is set for: clocks are put forward and back. */
const longestWaitMs = 60_000;
/** A run that would come later than this is skipped: the machine slept, or the daemon was held up. */
const latestMs = 30_000;

export interface ScheduleClockOptions {
  readonly timers: Timers;
  readonly now: () => number;
  /** Runs a schedule; settles when that has ended. */
  readonly run: (name: string, at: Date) => Promise<void>;
  readonly skipped: (name: string, why: string) => void;
}

/** The schedules of one extension. Runs that were missed are skipped, and a schedule never runs beside itself. */
export class ScheduleClock {
  readonly #options: ScheduleClockOptions;
  readonly #running = new Set<string>();
  #cancel: (() => void)[] = [];

  constructor(options: ScheduleClockOptions) {
    this.#options = options;
  }

  start(schedules: readonly ManifestSchedule[]): void {
    this.stop();
    for (const [index, { name, cron, timezone }] of schedules.entries()) {
      try {
        this.#wait(index, name, new Cron(cron, { timezone: timezone ?? 'UTC' }));
      } catch (error) {
        this.#options.skipped(name, `the schedule cannot be read: ${(error as Error).message}`);
      }
    }
  }

  stop(): void {
    for (const cancel of this.#cancel) cancel?.();
    this.#cancel = [];
  }

  /** Without a function croner only computes times; the timers are those of the actor. */
  #wait(index: number, name: string, cron: Cron, due?: Date): void {
    const { timers, now } = this.#options;
    const at = due ?? cron.nextRun(new Date(now()));
    if (at === null) return;
    const left = at.getTime() - now();
    this.#cancel[index] = timers.after(Math.max(0, Math.min(left, longestWaitMs)), () => {
      const early = now() < at.getTime();
      if (!early) this.#due(name, at);
      this.#wait(index, name, cron, early ? at : undefined);
    });
  }

  #due(name: string, at: Date): void {
    const { now, run, skipped } = this.#options;
    if (now() - at.getTime() > latestMs) skipped(name, `missed at ${at.toISOString()}`);
    else if (this.#running.has(name)) skipped(name, `still running at ${at.toISOString()}`);
    else {
      this.#running.add(name);
      void run(name, at).finally(() => this.#running.delete(name));
    }
  }
}
