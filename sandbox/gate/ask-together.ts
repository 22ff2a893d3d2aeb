/**
 * Asks that are made in one turn of the event loop leave together at its end, when others are under way: each post to
 * another thread wakes it, which costs more than what is asked. One alone leaves at once.
 */
export class AskTogether {
  #underWay = 0;
  #waiting: (() => void)[] = [];
  readonly #leave = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const ask of waiting) ask();
  };

  /** @param ask makes the ask; called once. @returns what it returns */
  async run<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    this.#underWay += 1;
    try {
      if (this.#underWay > 1) await this.#endOfTurn();
      return await ask();
    } finally {
      this.#underWay -= 1;
    }
  }

  #endOfTurn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(this.#leave);
    });
  }
}
