import { inspectValue } from '../inspect/inspect-value.ts';
import { SqlGuard } from '../inspect/sql-guard.ts';
import { UnsureValues, type ValueBudget } from '../inspect/unsure-values.ts';
import type { TextJudge } from '../patrol/text-judge.ts';
import type { Signature } from '../signatures/signature.ts';
import { judgeParsed } from '../statements/judge-parsed.ts';
import { parseStatement } from '../statements/parse-statement.ts';
import { type Combined, combine } from './combine.ts';

/** Where the texts would stand: values of a query, strings of a JSON body, whole statements. */
export type ScoredSurface = 'query' | 'body' | 'sql';

/** The verdict on one text, with one sentence on why. */
export interface ScoredText extends Combined {
  readonly why: string;
}

/** From this score of the model on it is told which features raised it. */
const explainFrom = 0.5;

/**
 * Judges texts without a daemon as the daemon judges them: the same signatures, models, combination and budget. What is
 * left out is only what depends on time: caches, timeouts, what a route has sent before. Not reentrant.
 */
export class TextScorer {
  readonly #guard = new SqlGuard();
  readonly #judge: TextJudge;
  readonly #budget: ValueBudget;

  /** @param budget of one request; a longer text is read by models as far as it goes */
  constructor(judge: TextJudge, budget: ValueBudget) {
    this.#judge = judge;
    this.#budget = budget;
  }

  /**
   * @param texts as their sender would write them: for `query` they are percent-encoded here
   * @returns in the order of the texts
   */
  async score(texts: readonly string[], surface: ScoredSurface): Promise<ScoredText[]> {
    return surface === 'sql' ? this.#statements(texts) : this.#values(texts, surface);
  }

  async #values(texts: readonly string[], surface: 'query' | 'body'): Promise<ScoredText[]> {
    const asked: string[] = [];
    const found = texts.map((text) => {
      const received = surface === 'query' ? encodeURIComponent(text.toWellFormed()) : text;
      const { match, needsModel } = inspectValue(this.#guard, received, surface);
      if (!needsModel) return { ...match, place: undefined };
      return { ...match, place: asked.push(this.#withinBudget(received, surface)) - 1 };
    });
    const scores = await this.#judge.judge('values', asked, undefined, explainFrom);
    return found.map(({ score, signature, place }) => {
      const model = place === undefined ? undefined : scores[place]!;
      const signed = signature === undefined ? undefined : { name: signature.name, score };
      const combined = combine({ surface, signature: signed, model: model?.score });
      const features = model?.reason?.features.map(({ feature }) => feature) ?? [];
      return { ...combined, why: sentence(signature, model?.score, features) };
    });
  }

  /** As much of a text as a request has budget for. */
  #withinBudget(text: string, surface: 'query' | 'body'): string {
    if (text.length <= this.#budget.bytes) return text;
    const values = new UnsureValues(this.#budget);
    values.add(surface, text, undefined, () => '');
    return values.choose().values[0]!.text;
  }

  async #statements(texts: readonly string[]): Promise<ScoredText[]> {
    const scores = await this.#judge.judge('statements', texts, undefined, explainFrom);
    const judged: ScoredText[] = [];
    for (const [at, text] of texts.entries()) {
      const parsed = await parseStatement(text);
      const { score, band, action, why } = judgeParsed({ model: scores[at]!.score, parsed, known: false });
      judged.push({ score, band, action, why });
    }
    return judged;
  }
}

function sentence(
  signature: Signature | undefined,
  model: number | undefined,
  features: readonly string[],
): string {
  const matched =
    signature === undefined ? '' : `The signature ${signature.name} matched: ${signature.why}. `;
  if (model === undefined) return matched === '' ? 'Nothing in it can be an injection.' : matched.trimEnd();
  const share = `${(model * 100).toFixed(1)} %`;
  if (model < explainFrom) return `${matched}To the model it looks honest (${share}).`;
  const by = features.length === 0 ? '' : `: ${features.slice(0, 3).join(', ')}`;
  return `${matched}To the model it looks like an injection (${share})${by}.`;
}
