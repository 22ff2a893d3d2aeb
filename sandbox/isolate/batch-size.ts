import { isolateLimits } from './isolate-limits.ts';

/**
 * How many things of one kind one turn of a guest takes. A turn that holds many calls has the processor time of one, or
 * one of them could go on for many times that long. So it takes only as many as use a part of that, and of the memory
 * for answers: else those who call could have a guest ended by calling it at the same time.
 */
export class BatchSize {
  #most = 1;

  get most(): number {
    return this.#most;
  }

  /**
   * Learns from a turn.
   * @param calls that took part
   * @param limitMs processor time of one call, milliseconds
   * @param answers characters of what they said
   */
  learn(calls: number, limitMs: number, cpuMicros: number, answers: number): void {
    if (calls === 0) return;
    const inTime = (limitMs * 1000 * isolateLimits.batchShare * calls) / Math.max(1, cpuMicros);
    const inMemory = (isolateLimits.batchAnswers * calls) / Math.max(1, answers);
    // Twice of what was seen, so that a few cheap ones do not open the door to many.
    const seen = Math.max(this.#most, calls * 2);
    this.#most = Math.max(1, Math.floor(Math.min(isolateLimits.batch, inTime, inMemory, seen)));
  }
}
