import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type {
  ModelVersion,
  ParsedStatement,
  PatrolAnswer,
  PatrolRequest,
  PatrolScore,
} from '../../../runtime/protocol/patrol.protocol.ts';
import type {
  Action,
  Band,
  Incident,
  StatementFacts,
  StatementVerdict,
} from '../../../runtime/protocol/sentinel.protocol.ts';
import { agentName } from '../incidents/make-incident.ts';
import { thresholds } from '../sqlguard/thresholds.ts';
import { judgeParsed, type StatementJudgement } from './judge-parsed.ts';
import type { ShapeBook, ShapeFacts } from './shape-book.ts';
import { splitStatements } from './split-statements.ts';
import { statementIncident } from './statement-incident.ts';

/** What the guard needs of the owner it works for. */
export interface StatementGuardOptions {
  /** The patrol. What they throw means: not judged. */
  readonly judge: (request: PatrolRequest) => Promise<PatrolAnswer>;
  readonly parse: (text: string) => Promise<ParsedStatement>;
  /** The versions in force; null when models are off. */
  readonly models: () => { readonly active: ModelVersion; readonly shadow: ModelVersion | null } | null;
  readonly mode: () => 'block' | 'simulate';
  readonly whenUnjudged: () => 'open' | 'closed';
  readonly shapes: Pick<ShapeBook, 'look' | 'learn'>;
  /** Takes an incident, as from a replica. */
  readonly report: (incident: Incident) => void;
  /** Hears why a statement was not judged. */
  readonly unjudged: (error: unknown) => void;
  readonly now?: () => number;
}

/** What model and parser say of one text, whoever sends it. */
interface Reading {
  readonly model: { readonly version: string; readonly score: PatrolScore } | undefined;
  readonly parsed: ParsedStatement | null;
}

interface Judged extends Reading {
  readonly text: string;
  readonly shape: ShapeFacts;
  readonly verdict: StatementJudgement;
}

/** Statements of one text that are judged each alone; the last one has all the rest. */
const mostPieces = 32;
/** Bytes that the parser takes. */
const longestParsed = 65_536;
/** From this score on: an oddity may raise what the model alone would not log. */
const explainFrom = 0.1;
const mostReadings = 5_000;
const order: readonly Action[] = ['allow', 'log', 'throttle', 'block', 'escalate'];
const bands: readonly Band[] = ['none', 'low', 'medium', 'high', 'critical'];
const newShape = 'new-shape';

/**
 * Judges whole statements before they run: model, parser, and what the route has sent before. Several statements in
 * one text are judged as one text and each alone; the worst verdict counts.
 */
export class StatementGuard {
  readonly #options: StatementGuardOptions;
  readonly #now: () => number;
  /** By digest and version of the model: the same few texts come again and again. */
  readonly #readings = new LRUCache<string, Reading>({ max: mostReadings });

  constructor(options: StatementGuardOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Never throws for what is wrong with the statement, nor when nobody can judge it: the policy decides then. */
  async judgeStatement(facts: StatementFacts): Promise<StatementVerdict> {
    const { mode, shapes, report } = this.#options;
    const texts = [facts.text];
    const readings = [...(await this.#read(texts))];
    // What PostgreSQL cannot read, it does not run: its pieces are none.
    if (readings[0]?.parsed?.parsed !== false || Buffer.byteLength(facts.text) > longestParsed) {
      const pieces = splitStatements(facts.text, mostPieces);
      if (pieces.length > 1) {
        texts.push(...pieces);
        readings.push(...(await this.#read(pieces)));
      }
    }
    const judged = await Promise.all(
      readings.map((reading, index) => this.#judge(facts, texts[index] ?? '', reading)),
    );
    const missing = judged.some(({ model, parsed }) => model === undefined || parsed === null);
    const worst = judged.reduce((a, b) => (b.verdict.score > a.verdict.score ? b : a));
    const whole = judged[0] ?? worst;
    if (missing && mode() === 'block' && order.indexOf(worst.verdict.action) < order.indexOf('block')) {
      if (this.#options.whenUnjudged() === 'closed' && this.#options.models() !== null) return refused(whole);
    }
    if (worst.verdict.action === 'allow') {
      for (const { parsed, text, verdict } of judged) {
        if (text === facts.text && judged.length > 1) continue;
        const fingerprint = parsed?.fingerprint;
        if (fingerprint && verdict.oddity === undefined) {
          await shapes.learn(facts.project, facts.route, fingerprint);
        }
      }
    }
    const strange = judged.find(({ shape }) => shape.settled && !shape.known);
    const { verdict } = worst;
    // Strange is not bad: a new shape makes a statement visible, and never more than that.
    const raised = strange !== undefined && order.indexOf(verdict.action) < order.indexOf('throttle') ? 1 : 0;
    const step = order.indexOf(verdict.action) + raised;
    const action = order[step] ?? verdict.action;
    const band = bands[step] ?? verdict.band;
    const floor = raised === 0 ? 0 : step === 1 ? thresholds.sql.log : thresholds.sql.throttle;
    const score = Math.max(verdict.score, floor);
    const why =
      raised === 0 ? verdict.why : `${verdict.why} This route has not sent a statement of this shape before.`;
    const signature = verdict.oddity?.name ?? (raised === 0 ? 'model' : newShape);
    const stops = step >= order.indexOf('block');
    const enforced = stops && mode() === 'block';
    let incident: string | undefined;
    if (action !== 'allow') {
      const made = statementIncident(
        facts,
        {
          judged: { ...verdict, score },
          action,
          band,
          enforced,
          model: worst.model,
          text: worst.text,
          signature,
          why,
        },
        this.#now(),
      );
      incident = made.id;
      report(made);
    }
    return {
      action: stops && !enforced ? 'log' : action,
      band,
      score,
      signature: action === 'allow' ? undefined : signature,
      surface: 'sql',
      where: 'statement',
      incident,
      agent: agentName,
      fingerprint: whole.parsed?.fingerprint ?? null,
      known: whole.shape.known,
      why,
    };
  }

  async #judge({ project, route }: StatementFacts, text: string, reading: Reading): Promise<Judged> {
    const fingerprint = reading.parsed?.fingerprint ?? null;
    const shape =
      fingerprint === null
        ? { known: false, settled: false }
        : await this.#options.shapes.look(project, route, fingerprint);
    const { model, parsed } = reading;
    const verdict = judgeParsed({ model: model?.score.score, parsed, known: shape.known });
    return { ...reading, text, shape, verdict };
  }

  async #read(texts: readonly string[]): Promise<readonly Reading[]> {
    const { parse, unjudged } = this.#options;
    const models = this.#options.models();
    const version = models?.active.version ?? '';
    const keys = texts.map((text) => `${version}\n${hash('sha256', text, 'base64')}`);
    const known = keys.map((key) => this.#readings.get(key));
    const fresh = texts.filter((_, index) => known[index] === undefined);
    if (fresh.length === 0) return known.map((reading) => reading ?? { model: undefined, parsed: null });
    const [scores, parsed] = await Promise.all([
      this.#score(fresh, models),
      Promise.all(
        fresh.map((text) =>
          parse(text).catch((error: unknown) => {
            unjudged(error);
            return null;
          }),
        ),
      ),
    ]);
    let next = 0;
    return known.map((reading, index) => {
      if (reading !== undefined) return reading;
      const score = scores?.scores[next];
      const read: Reading = {
        model: score === undefined || scores === undefined ? undefined : { version: scores.version, score },
        parsed: parsed[next] ?? null,
      };
      next += 1;
      // What could not be read is tried again the next time; so is what another version judged meanwhile.
      if (read.model?.version === version && read.parsed !== null)
        this.#readings.set(keys[index] ?? '', read);
      return read;
    });
  }

  async #score(
    texts: readonly string[],
    models: ReturnType<StatementGuardOptions['models']>,
  ): Promise<PatrolAnswer | undefined> {
    if (models === null) return undefined;
    try {
      return await this.#options.judge({
        agent: 'sqlguard',
        model: 'statements',
        active: models.active,
        shadow: models.shadow,
        texts,
        explainFrom,
      });
    } catch (error) {
      this.#options.unjudged(error);
      return undefined;
    }
  }
}

/** Refused because nobody could judge it: no incident, since nothing was found. */
function refused({ parsed, shape }: Judged): StatementVerdict {
  return {
    action: 'block',
    band: 'none',
    score: 0,
    signature: undefined,
    surface: 'sql',
    where: 'statement',
    incident: undefined,
    agent: agentName,
    fingerprint: parsed?.fingerprint ?? null,
    known: shape.known,
    why: 'It could not be judged, and what cannot be judged is refused (sentinel.whenUnjudged).',
  };
}
