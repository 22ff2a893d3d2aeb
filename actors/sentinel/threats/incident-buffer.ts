import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Incident } from '../../../runtime/protocol/sentinel.protocol.ts';

export interface IncidentBufferNeeds {
  readonly insert: (incidents: readonly Incident[]) => Promise<void>;
  /** Incidents that are not kept, and why; said aloud by whoever hears it. */
  readonly lost: (incidents: number, error: unknown) => void;
  /** A batch failed and waits to be tried again. */
  readonly delayed: (waiting: number, error: unknown) => void;
  /** How many may wait; the oldest give way. */
  readonly most?: number;
}

/** Written at once when so many wait. */
const batch = 100;

/**
 * Incidents on their way into the database: whoever reports never waits. A batch that fails is tried again; one that
 * the database refuses for what is in it is written one by one, so that only the incident at fault is lost.
 */
export class IncidentBuffer {
  readonly #needs: IncidentBufferNeeds;
  readonly #most: number;
  #waiting: Incident[] = [];
  #writing: Promise<void> | undefined;
  #pauseUntil = 0;
  #failures = 0;

  constructor(needs: IncidentBufferNeeds) {
    this.#needs = needs;
    this.#most = needs.most ?? 10_000;
  }

  /** Not in the database yet, oldest first. */
  get waiting(): readonly Incident[] {
    return this.#waiting;
  }

  /** Whether the last attempt failed. */
  get stuck(): boolean {
    return this.#failures > 0;
  }

  add(incident: Incident): void {
    this.#waiting.push(incident);
    const over = this.#waiting.length - this.#most;
    if (over > 0) {
      this.#waiting.splice(0, over);
      this.#needs.lost(over, new Error('too many incidents wait for the database'));
    }
    if (this.#waiting.length >= batch && this.#failures === 0) void this.flush();
  }

  /**
   * Writes what waits, in batches; ends at the first that fails. After a failure nothing happens for a while (half a
   * second, doubling up to half a minute) unless `now` is left out.
   * @param now milliseconds since the epoch
   */
  flush(now = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#writing !== undefined) return this.#writing;
    if (this.#waiting.length === 0 || now < this.#pauseUntil) return Promise.resolve();
    this.#writing = this.#write().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.slice(0, batch);
      try {
        await this.#needs.insert(taken);
        this.#done(taken);
      } catch (error) {
        if (passes(error)) return this.#pause(error);
        for (const incident of taken) {
          const refusal = await this.#alone(incident);
          if (refusal !== undefined) return this.#pause(refusal);
          this.#done([incident]);
        }
      }
      this.#failures = 0;
      this.#pauseUntil = 0;
    }
  }

  /** @returns the error of a database that is away; the incident is still waiting then */
  async #alone(incident: Incident): Promise<unknown> {
    try {
      await this.#needs.insert([incident]);
    } catch (error) {
      if (passes(error)) return error;
      this.#needs.lost(1, error);
    }
    return undefined;
  }

  /** Some of them may have given way meanwhile. */
  #done(incidents: readonly Incident[]): void {
    const done = new Set(incidents);
    this.#waiting = this.#waiting.filter((incident) => !done.has(incident));
  }

  #pause(error: unknown): void {
    this.#pauseUntil = Date.now() + Math.min(30_000, 500 * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    this.#needs.delayed(this.#waiting.length, error);
  }
}

/** Whether trying again can help: no connection, no time, no room, no answer. What is wrong with the data stays so. */
function passes(thrown: unknown): boolean {
  const error = MagFlockError.from(thrown);
  return error.retryable || /^MF(?:50[13-7]|6(?!99))/.test(error.code);
}
