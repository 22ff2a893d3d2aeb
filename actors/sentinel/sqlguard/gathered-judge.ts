import type { PatrolScore } from '../../../runtime/protocol/patrol.protocol.ts';
import type { TextJudge } from '../patrol/text-judge.ts';

/** As many texts are judged together; more of them cost memory and save nothing. */
const most = 64;

interface Wish {
  readonly texts: readonly string[];
  readonly resolve: (scores: readonly PatrolScore[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Judges statements together that are asked for one by one: one run after the other, never two at a time. */
export class GatheredJudge {
  readonly #judge: TextJudge;
  #wishes: Wish[] = [];
  #running = false;

  constructor(judge: TextJudge) {
    this.#judge = judge;
  }

  /** @param explainFrom score from which on a reason is worked out; the same in all calls */
  judge(texts: readonly string[], explainFrom: number): Promise<readonly PatrolScore[]> {
    return new Promise((resolve, reject) => {
      this.#wishes.push({ texts, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      setImmediate(() => void this.#run(explainFrom));
    });
  }

  async #run(explainFrom: number): Promise<void> {
    while (this.#wishes.length > 0) {
      const wishes = this.#wishes.splice(0, most);
      try {
        const texts = wishes.flatMap((wish) => wish.texts);
        const scores = await this.#judge.judge('statements', texts, undefined, explainFrom);
        let from = 0;
        for (const wish of wishes) {
          wish.resolve(scores.slice(from, from + wish.texts.length));
          from += wish.texts.length;
        }
      } catch (error) {
        for (const wish of wishes) wish.reject(error);
      }
    }
    this.#running = false;
  }
}
