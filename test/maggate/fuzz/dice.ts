import fc from 'fast-check';

/** Random choices out of fast-check's stream, so that a seed and a path bring them back. */
export class Dice {
  readonly #next: fc.GeneratorValue;

  constructor(next: fc.GeneratorValue) {
    this.#next = next;
  }

  int(min: number, max: number): number {
    return this.#next(fc.integer, { min, max });
  }

  /** @param percent how often the answer is yes */
  chance(percent: number): boolean {
    return this.int(1, 100) <= percent;
  }

  pick<Choice>(choices: readonly Choice[]): Choice {
    if (choices.length === 0) throw new Error('Nothing to choose from.');
    return choices[this.int(0, choices.length - 1)] as Choice;
  }

  /** Some of them, in the order they stand; perhaps none. */
  some<Choice>(choices: readonly Choice[], percent = 50): Choice[] {
    return choices.filter(() => this.chance(percent));
  }
}
