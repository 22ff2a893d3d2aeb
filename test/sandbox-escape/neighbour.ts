import assert from 'node:assert/strict';

/** Milliseconds. Generous: a machine under load must not decide about a test; what hangs takes far longer. */
const bound = 5000;

/** Asks a neighbour again and again, and keeps how long its answers took. */
export class Neighbour {
  readonly #ask: () => Promise<unknown>;
  readonly #times: number[] = [];

  /** @param ask throws when the answer is wrong */
  constructor(ask: () => Promise<unknown>) {
    this.#ask = ask;
  }

  /** It answers, in time. */
  async answers(times = 5): Promise<void> {
    for (let turn = 0; turn < times; turn += 1) {
      const began = performance.now();
      await this.#ask();
      this.#times.push(performance.now() - began);
    }
    assert.ok(Math.max(...this.#times.slice(-times)) < bound, `${this.#times.slice(-times)} ms`);
  }

  /** Of all answers so far, milliseconds. */
  get p99(): number {
    const sorted = [...this.#times].sort((one, other) => one - other);
    return sorted[Math.floor((sorted.length - 1) * 0.99)] ?? 0;
  }
}
