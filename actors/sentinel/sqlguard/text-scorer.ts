import type { ModelVersion } from '../../../runtime/protocol/patrol.protocol.ts';
import { explain } from '../incidents/explain.ts';
import { inspectValue } from '../inspect/inspect-value.ts';
import { SqlGuard } from '../inspect/sql-guard.ts';
import { UnsureValues, type ValueBudget } from '../inspect/unsure-values.ts';
import type { TextJudge } from '../patrol/text-judge.ts';
import { parseStatement } from '../statements/parse-statement.ts';
import { StatementGuard } from '../statements/statement-guard.ts';
import { type Combined, combine } from './combine.ts';
import { GatheredJudge } from './gathered-judge.ts';

/** Where the texts would stand: values of a query, strings of a JSON body, whole statements. */
export type ScoredSurface = 'query' | 'body' | 'sql';

/** The verdict on one text, with one sentence on why. */
export interface ScoredText extends Combined {
  readonly why: string;
}

/** From this score of the model on it is told which features raised it; as for a request. */
const explainFrom = 0.5;

/**
 * Judges texts without a daemon as the daemon judges them: the same signatures, models, combination and budget. What is
 * left out is only what depends on time: caches, timeouts, what a route has sent before. Not reentrant.
 */
export class TextScorer {
  readonly #guard = new SqlGuard();
  readonly #statementGuard: StatementGuard;
  readonly #judge: TextJudge;
  readonly #version: ModelVersion;
  readonly #budget: ValueBudget;

  /**
   * @param judge loaded with the version
   * @param budget of one request; a longer text is read by models as far as it goes
   */
  constructor(judge: TextJudge, version: ModelVersion, budget: ValueBudget) {
    this.#judge = judge;
    this.#version = version;
    this.#budget = budget;
    const gathered = new GatheredJudge(judge);
    this.#statementGuard = new StatementGuard({
      judge: async ({ texts, explainFrom: from }) => ({
        version: version.version,
        shadowVersion: null,
        scores: await gathered.judge(texts, from),
        tookMicros: 0,
      }),
      parse: parseStatement,
      models: () => ({ active: version, shadow: null }),
      mode: () => 'block',
      whenUnjudged: () => 'open',
      shapes: { look: async () => ({ known: false, settled: false }), learn: async () => undefined },
      report: () => undefined,
      unjudged: (error) => {
        throw error;
      },
    });
  }

  /**
   * @param texts as the application reads them: of a query, without the encoding that its URL needs
   * @returns in the order of the texts
   */
  async score(texts: readonly string[], surface: ScoredSurface): Promise<ScoredText[]> {
    return surface === 'sql' ? this.#statements(texts) : this.#values(texts, surface);
  }

  async #values(texts: readonly string[], surface: 'query' | 'body'): Promise<ScoredText[]> {
    const asked: string[] = [];
    const found = texts.map((text) => {
      const received = surface === 'query' ? text.toWellFormed() : text;
      const { match, needsModel } = inspectValue(this.#guard, received, surface);
      if (!needsModel) return { ...match, place: undefined };
      return { ...match, place: asked.push(this.#withinBudget(received, surface)) - 1 };
    });
    const scores = await this.#judge.judge('values', asked, undefined, explainFrom);
    return found.map(({ score, signature, place }) => {
      const model = place === undefined ? undefined : scores[place]!;
      const signed = signature === undefined ? undefined : { name: signature.name, score };
      const combined = combine({ surface, signature: signed, model: model?.score });
      const said = model === undefined ? undefined : { version: this.#version.version, score: model };
      const { why } = explain(signed, said);
      return { ...combined, why: why === '' ? 'Nothing in it can be an injection.' : why };
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
    const verdicts = await Promise.all(
      texts.map((text) =>
        this.#statementGuard.judgeStatement({
          project: 'main',
          route: 'sql',
          text,
          address: 'standard-input',
          requestId: '',
        }),
      ),
    );
    return verdicts.map(({ score, band, action, why }) => ({ score, band, action, why }));
  }
}
