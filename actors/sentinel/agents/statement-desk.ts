import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import type {
  Incident,
  ReplicaFacts,
  StatementFacts,
  StatementVerdict,
} from '../../../runtime/protocol/sentinel.protocol.ts';
import { reasonOfFailure } from '../desk/reason-of-failure.ts';
import { ShapeBook } from '../statements/shape-book.ts';
import { ShapeStore } from '../statements/shape-store.ts';
import { StatementGuard } from '../statements/statement-guard.ts';
import { FairTurns } from './fair-turns.ts';
import type { ModelDesk } from './model-desk.ts';

export interface StatementDeskNeeds {
  readonly context: ActorContext;
  readonly models: ModelDesk;
  readonly report: (incident: Incident) => void;
  readonly counted: (facts: ReplicaFacts) => void;
}

/** A statement may wait longer than a value of a request: it is rarer, and a first one loads the parser. */
const patienceMs = 2_000;

/** Whole statements: the guard with the patrol behind it and the shapes of each route in the control database. */
export class StatementDesk {
  readonly #needs: StatementDeskNeeds;
  readonly #shapes: ShapeBook;
  readonly #guard: StatementGuard;

  constructor(needs: StatementDeskNeeds) {
    this.#needs = needs;
    const { context, models, report } = needs;
    const patrol = context.part('patrol');
    const timeoutMs = () => Math.max(patienceMs, context.settings['sentinel.timeoutMs']);
    this.#shapes = new ShapeBook(new ShapeStore(context.part('storage')), (error) =>
      context.log.warn({ err: error }, 'shapes of statements could not be read or written'),
    );
    // The workers judge the values of requests, too, and those wait a quarter of a second.
    const turns = (): FairTurns =>
      new FairTurns({
        now: () => performance.now(),
        after: (milliseconds, callback) => void context.timers.after(milliseconds, callback),
        patienceMs: timeoutMs,
      });
    const [judging, parsing] = [turns(), turns()];
    this.#guard = new StatementGuard({
      judge: async (request) => {
        const ask = () => patrol.ask('judge', request, { timeoutMs: timeoutMs() });
        const answer = await judging.take(ask);
        this.#count({ judged: answer.scores.length });
        return answer;
      },
      parse: (text) => parsing.take(() => patrol.ask('parse', { text }, { timeoutMs: timeoutMs() })),
      models: () => (context.settings['sentinel.models'] ? models.snapshot : null),
      mode: () => context.settings['sentinel.mode'],
      whenUnjudged: () => context.settings['sentinel.whenUnjudged'],
      shapes: this.#shapes,
      report,
      unjudged: (error) => {
        this.#count({ unjudged: { [reasonOfFailure(error)]: 1 } });
        context.log.warn({ err: error }, 'a statement was not judged by all that judge');
      },
    });
  }

  judge(facts: StatementFacts): Promise<StatementVerdict> {
    return this.#guard.judgeStatement(facts);
  }

  /** Writes what was counted. Every few seconds, and before the end. */
  flush(): Promise<void> {
    return this.#shapes.flush();
  }

  forgetProject(project: string): void {
    this.#shapes.forget(project);
  }

  #count(facts: Partial<Pick<ReplicaFacts, 'judged' | 'unjudged'>>): void {
    this.#needs.counted({ replica: 'statements', judged: 0, unjudged: {}, shadow: null, ...facts });
  }
}
