import type {
  ModelVersion,
  PatrolAnswer,
  PatrolRequest,
  PatrolScore,
} from '../../../runtime/protocol/patrol.protocol.ts';
import { combine } from '../sqlguard/combine.ts';
import { Circuit } from './circuit.ts';
import type { UnjudgedReason } from './desk-counts.ts';
import { FairQueue } from './fair-queue.ts';
import { reasonOfFailure } from './reason-of-failure.ts';
import { type KnownScore, ScoreCache } from './score-cache.ts';

/** What the models said of a value now or before, or why they did not. */
export type Judged =
  | { readonly score: KnownScore; readonly fresh: boolean }
  | { readonly score: undefined; readonly reason: UnjudgedReason };

/** Which models judge. */
export interface DeskModels {
  readonly active: ModelVersion;
  readonly shadow: ModelVersion | null;
}

/** What the desk needs of its thread. */
export interface DeskOptions {
  /** Asks the patrol. May reject, or never settle: the desk has a clock of its own. */
  ask(
    request: PatrolRequest,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<PatrolAnswer>;
  /** Runs a callback later; answers what takes it back. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Runs a callback when the requests that have come in together have said what they want. */
  soon(callback: () => void): void;
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** How long a value may wait, milliseconds. */
  timeoutMs(): number;
  /** Batches that may wait in this thread. */
  queue(): number;
  readonly cache?: ScoreCache;
  /** Scores a text here and now with the active version; nothing where that would take long, or is not possible. */
  quickly?(text: string): number | undefined;
}

/** Texts of one ask, and their length together, so that a batch never keeps a worker for long. */
const batchTexts = 64;
const batchLength = 2 ** 13;
/** A text costs one, and one more for each so many characters: about the work of a window. */
const costLength = 512;
/** Asks under way. While they are, new values gather: the busier it is, the fewer messages per value. */
const mostUnderWay = 2;
/** Texts of one request that are scored in this thread: it must go on. */
const mostQuick = 4;
/** With less than this share of its time left a value is not sent any more. */
const leastShare = 0.1;
/** From this score on a reason comes with the score: lower ones are let through, even beside a weak signature. */
const explainFrom = 0.5;

/** A request that waits. */
interface Ticket {
  open: number;
  readonly settle: () => void;
}

/** A value that is on its way. */
interface Pending {
  readonly text: string;
  readonly expires: number;
  readonly tickets: Set<Ticket>;
  batch: Batch | undefined;
  outcome: Judged | undefined;
}

interface Batch {
  readonly items: readonly Pending[];
  readonly controller: AbortController;
  cancelTimer: () => void;
  /** Values that somebody waits for. */
  wanted: number;
  /** Sent with at least half of the time that a value has: a worker that answers at all could have answered. */
  readonly fair: boolean;
  over: boolean;
}

/**
 * Where the requests of one CPU thread have their values judged: what comes in one turn of the event loop goes out in
 * one message, the same value once, known values not at all. Every value is settled, at the latest when its time is
 * over, with a score or with the reason why there is none.
 */
export class PatrolDesk {
  private readonly options: DeskOptions;
  private readonly cache: ScoreCache;
  private readonly circuit = new Circuit();
  private readonly byText = new Map<string, Pending>();
  private readonly batches = new Set<Batch>();
  private readonly waiting = new FairQueue<Pending>();
  private models: DeskModels | null = null;
  private planned = false;
  /** When a worker answered last, even too late. */
  private answeredAt = Number.NEGATIVE_INFINITY;
  private stopped = false;

  constructor(options: DeskOptions) {
    this.options = options;
    this.cache = options.cache ?? new ScoreCache();
  }

  /** Values on their way. */
  get pending(): number {
    return this.byText.size;
  }

  /** What judges from now on. What other versions said is forgotten; what is on its way is still taken. */
  use(models: DeskModels | null): void {
    const before = this.models;
    this.models = models;
    if (
      before?.active.version !== models?.active.version ||
      before?.shadow?.version !== models?.shadow?.version
    ) {
      this.cache.clear();
    }
  }

  /** Whether the models have let this value through before, where no signature speaks against it. */
  clears(text: string, surface: 'query' | 'body'): boolean {
    const known = this.cache.get(text);
    if (known === undefined) return false;
    return surface === 'body' ? known.clearsBody : known.clearsQuery;
  }

  /**
   * @param texts as received
   * @param patienceMs how long the request itself can wait
   * @returns in the order of the texts; at once when nothing has to be asked
   */
  judge(texts: readonly string[], patienceMs: number): readonly Judged[] | Promise<readonly Judged[]> {
    const outcomes: (Judged | undefined)[] = [];
    const asked: { readonly at: number; readonly pending: Pending }[] = [];
    const now = this.options.now();
    let quick = 0;
    let level = this.waiting.start;
    for (const [at, text] of texts.entries()) {
      let found = this.known(text);
      if (found === undefined && quick < mostQuick) {
        quick += 1;
        found = this.quickly(text);
      }
      const placed = found ?? this.look(text, now, level);
      if ('tickets' in placed) {
        asked.push({ at, pending: placed });
        level += 1 + Math.floor(text.length / costLength);
      } else outcomes[at] = placed;
    }
    if (asked.length === 0) return outcomes as Judged[];
    const waited = this.wait(asked, patienceMs, now);
    this.plan();
    return waited.then(() => {
      for (const { at, pending } of asked) {
        outcomes[at] = pending.outcome ?? { score: undefined, reason: 'timeout' };
      }
      return outcomes as Judged[];
    });
  }

  /** Settles everything that waits. */
  stop(): void {
    this.stopped = true;
    for (const pending of [...this.byText.values()]) this.settle(pending, unjudged('worker'));
    for (const batch of [...this.batches]) this.end(batch);
    this.waiting.take(this.waiting.length);
  }

  private known(text: string): Judged | undefined {
    const score = this.cache.get(text);
    return score === undefined ? undefined : { score, fresh: false };
  }

  /** What is plainly harmless to the model need not travel; the rest is for the workers, who also say why. */
  private quickly(text: string): Judged | undefined {
    if (this.models === null || this.models.shadow !== null) return undefined;
    const score = this.options.quickly?.(text);
    if (score === undefined || !(score >= 0 && score < explainFrom)) return undefined;
    const { version } = this.models.active;
    const known = knownScore({ score, shadow: null, reason: null }, { version, shadowVersion: null });
    this.cache.set(text, known);
    return { score: known, fresh: true };
  }

  private look(text: string, now: number, level: number): Judged | Pending {
    const same = this.byText.get(text);
    if (same !== undefined) return same;
    if (this.models === null) return unjudged('model');
    if (this.stopped || this.circuit.isOpen(now)) return unjudged('worker');
    if (this.waiting.length >= this.options.queue() * batchTexts) return unjudged('queue');
    const pending: Pending = {
      text,
      expires: now + this.options.timeoutMs(),
      tickets: new Set(),
      batch: undefined,
      outcome: undefined,
    };
    this.byText.set(text, pending);
    this.waiting.add(pending, level);
    return pending;
  }

  private wait(
    asked: readonly { readonly pending: Pending }[],
    patienceMs: number,
    now: number,
  ): Promise<void> {
    return new Promise((resolve) => {
      let cancelTimer = (): void => {};
      const ticket: Ticket = {
        open: 0,
        settle: () => {
          cancelTimer();
          resolve();
        },
      };
      let latest = 0;
      for (const { pending } of asked) {
        if (pending.tickets.has(ticket)) continue;
        pending.tickets.add(ticket);
        ticket.open += 1;
        latest = Math.max(latest, pending.expires);
      }
      // Usually the values' own time is over first, and a batch has one timer for all of them.
      if (now + patienceMs >= latest) return;
      cancelTimer = this.options.after(Math.max(0, patienceMs), () => {
        for (const { pending } of asked) this.leave(pending, ticket);
        ticket.settle();
      });
    });
  }

  /** A request does not wait for this value any more. When nobody does, the worker is told. */
  private leave(pending: Pending, ticket: Ticket): void {
    if (!pending.tickets.delete(ticket) || pending.tickets.size > 0) return;
    this.byText.delete(pending.text);
    const { batch } = pending;
    if (batch === undefined) {
      this.waiting.remove(pending);
      return;
    }
    batch.wanted -= 1;
    if (batch.wanted === 0) this.end(batch);
  }

  private plan(): void {
    if (this.planned || this.waiting.length === 0) return;
    this.planned = true;
    this.options.soon(() => {
      this.planned = false;
      this.send();
    });
  }

  private send(): void {
    const { models } = this;
    const now = this.options.now();
    while (this.waiting.length > 0 && this.batches.size < mostUnderWay) {
      if (models === null || this.circuit.isOpen(now)) {
        const reason = models === null ? 'model' : 'worker';
        for (const pending of this.waiting.take(this.waiting.length)) this.settle(pending, unjudged(reason));
        return;
      }
      const items = this.nextItems(now);
      if (items.length > 0) this.ask(models, items, now);
    }
  }

  private nextItems(now: number): Pending[] {
    const least = this.options.timeoutMs() * leastShare;
    const items: Pending[] = [];
    let length = 0;
    let taken = 0;
    for (const pending of this.waiting) {
      if (items.length === batchTexts || (items.length > 0 && length + pending.text.length > batchLength))
        break;
      taken += 1;
      if (pending.expires - now < least) {
        this.settle(pending, unjudged('timeout'));
        continue;
      }
      items.push(pending);
      length += pending.text.length;
    }
    this.waiting.take(taken);
    return items;
  }

  private ask({ active, shadow }: DeskModels, items: readonly Pending[], now: number): void {
    const controller = new AbortController();
    const expires = items.reduce((first, item) => Math.min(first, item.expires), Number.POSITIVE_INFINITY);
    const timeoutMs = Math.max(1, Math.ceil(expires - now));
    const fair = timeoutMs * 2 >= this.options.timeoutMs();
    const batch: Batch = {
      items,
      controller,
      cancelTimer: () => {},
      wanted: items.length,
      fair,
      over: false,
    };
    for (const pending of items) pending.batch = batch;
    this.batches.add(batch);
    batch.cancelTimer = this.options.after(timeoutMs, () => this.failed(batch, 'timeout'));
    const texts = items.map(({ text }) => text);
    const request: PatrolRequest = { agent: 'sqlguard', model: 'values', active, shadow, texts, explainFrom };
    try {
      this.options
        .ask(request, { timeoutMs, signal: controller.signal })
        .then((answer) => this.answered(batch, answer, active, shadow))
        // An answer that cannot be read is a failure of the worker, too.
        .catch((error: unknown) => this.failed(batch, reasonOfFailure(error)));
    } catch (error) {
      this.failed(batch, reasonOfFailure(error));
    }
  }

  private answered(
    batch: Batch,
    answer: PatrolAnswer,
    active: ModelVersion,
    shadow: ModelVersion | null,
  ): void {
    this.answeredAt = this.options.now();
    if (batch.over) return;
    this.circuit.succeeded();
    // Of versions that changed meanwhile, or that the worker has not loaded yet, nothing is kept.
    const keeps =
      answer.version === active.version &&
      answer.shadowVersion === (shadow?.version ?? null) &&
      this.models?.active.version === active.version &&
      this.models.shadow?.version === shadow?.version;
    for (const [at, pending] of batch.items.entries()) {
      const score = answer.scores[at];
      if (score === undefined) {
        this.settle(pending, unjudged('worker'));
      } else if (!(score.score >= 0 && score.score <= 1)) {
        this.settle(pending, unjudged('model'));
      } else {
        const known = knownScore(score, answer);
        if (keeps) this.cache.set(pending.text, known);
        this.settle(pending, { score: known, fresh: true });
      }
    }
    this.end(batch);
  }

  private failed(batch: Batch, reason: UnjudgedReason): void {
    if (batch.over) return;
    // A full queue or a model that is not there answers at once: nobody waits in vain.
    const now = this.options.now();
    const alive = now - this.answeredAt < this.options.timeoutMs();
    if (reason === 'worker' || (reason === 'timeout' && batch.fair && !alive)) this.circuit.failed(now);
    for (const pending of batch.items) this.settle(pending, unjudged(reason));
    this.end(batch);
  }

  private settle(pending: Pending, outcome: Judged): void {
    if (pending.outcome !== undefined) return;
    pending.outcome = outcome;
    if (this.byText.get(pending.text) === pending) this.byText.delete(pending.text);
    for (const ticket of pending.tickets) {
      ticket.open -= 1;
      if (ticket.open === 0) ticket.settle();
    }
    pending.tickets.clear();
  }

  /** Tells the worker when it has not answered, and sends what has gathered meanwhile. */
  private end(batch: Batch): void {
    if (batch.over) return;
    batch.over = true;
    batch.cancelTimer();
    this.batches.delete(batch);
    if (batch.items.some(({ outcome }) => outcome === undefined || outcome.score === undefined)) {
      batch.controller.abort();
    }
    if (!this.stopped) this.send();
  }
}

function knownScore(
  score: PatrolScore,
  { version, shadowVersion }: Pick<PatrolAnswer, 'version' | 'shadowVersion'>,
): KnownScore {
  const clears = (surface: 'query' | 'body'): boolean =>
    combine({ surface, signature: undefined, model: score.score }).action === 'allow';
  return { ...score, version, shadowVersion, clearsQuery: clears('query'), clearsBody: clears('body') };
}

function unjudged(reason: UnjudgedReason): Judged {
  return { score: undefined, reason };
}
