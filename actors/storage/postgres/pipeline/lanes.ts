import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { Identity } from '../../../../runtime/protocol/identity.protocol.ts';
import type { Plan, PlanResult } from '../../../../runtime/protocol/plan.protocol.ts';
import type { OnceRequest, OutboxRow } from '../../../../runtime/protocol/storage.protocol.ts';
import { projectDatabase } from '../../database-names.ts';
import type { Endpoint } from '../../endpoint.ts';
import type { LaneDelta, LaneSnapshot } from '../../lane-state.ts';
import { checkPlan } from './check-plan.ts';
import { costPlan, totalCost } from './cost-plan.ts';
import { Lane, type LaneHost, type LaneLimits } from './lane.ts';
import { LaneConnection } from './lane-connection.ts';
import { LaneTransaction } from './lane-transaction.ts';
import { keepingPlan } from './once/keeping-plan.ts';
import { keptAnswer } from './once/kept-answer.ts';
import { keptAnswerPlan } from './once/kept-answer-plan.ts';
import { KnownAnswer } from './once/known-answer.ts';
import { type OnceKey, onceKey } from './once/once-key.ts';
import { overLimit } from './over-limit.ts';
import { resolveWrite } from './resolve-write.ts';
import { roleRefusal } from './role-refusal.ts';

export interface LanesOptions {
  /** Connections this thread may hold. */
  readonly connections: number;
  readonly lane: LaneLimits;
  /** Milliseconds without use after which a connection is given back. */
  readonly idleMs: number;
  /** Statements prepared on one connection; default 200. */
  readonly statements?: number;
  /** Asks the owner whether an outbox row has reached the audit chain: proof that its write was committed. */
  sealed(project: string, outboxId: string): Promise<boolean>;
  /** Told which projects are in use: at the first request after a rest, then now and then. */
  active(projects: readonly string[]): void;
}

const tickMs = 25;
const sweepMs = 1000;
/** Connections opened for a rush go sooner than the ordinary ones. */
const extraIdleMs = 10_000;
const tellActiveMs = 30_000;
const connectMs = 2000;
const firstBackoffMs = 50;
const longestBackoffMs = 1000;

/**
 * The lanes of one CPU thread: a connection or a few for each project and role in use, under one cap, opened when
 * needed and given back when idle.
 */
export class Lanes implements LaneHost {
  readonly limits: LaneLimits;
  readonly #options: LanesOptions;
  readonly #lanes = new Map<string, Map<string, Lane>>();
  readonly #passwords = new Map<string, string>();
  readonly #starving = new Set<Lane>();
  #endpoint: Endpoint | null = null;
  #connections = 0;
  #toldActive = performance.now();
  #backoffMs = 0;
  #downUntil = 0;
  #tick: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LanesOptions) {
    this.#options = options;
    this.limits = options.lane;
  }

  get available(): boolean {
    return this.#endpoint !== null && performance.now() >= this.#downUntil;
  }

  /** Counts since the start. */
  readonly totals = { transactions: 0, unavailable: 0, saturated: 0, resolved: 0, estimates: 0 };

  /** Connections open or being opened. */
  get connections(): number {
    return this.#connections;
  }

  get inFlight(): number {
    return this.#all().reduce((sum, lane) => sum + lane.inFlight, 0);
  }

  get waiting(): number {
    return this.#all().reduce((sum, lane) => sum + lane.waiting, 0);
  }

  applySnapshot(snapshot: LaneSnapshot): void {
    const kept = new Set(snapshot.projects.map(([ref]) => ref));
    for (const ref of this.#passwords.keys()) if (!kept.has(ref)) void this.#removeProject(ref);
    for (const [ref, password] of snapshot.projects) this.#passwords.set(ref, password);
    this.#setEndpoint(snapshot.endpoint);
  }

  async applyDelta(delta: LaneDelta): Promise<void> {
    if (delta.kind === 'server') this.#setEndpoint(delta.endpoint);
    else if (delta.kind === 'project-ready') this.#passwords.set(delta.ref, delta.password);
    else await this.#removeProject(delta.ref);
  }

  /**
   * Runs a plan in one transaction as the identity.
   * @param deadline absolute, milliseconds since the epoch
   * @throws (as a rejection) MF500 to MF508, or a DatabaseFailure for the gateway
   */
  execute(
    plan: Plan,
    identity: Identity,
    outbox: OutboxRow | undefined,
    deadline: number,
    once?: OnceKey,
  ): Promise<PlanResult> {
    return new Promise((resolve, reject) => {
      this.totals.transactions += 1;
      const refused = this.#refuse(identity.project) ?? roleRefusal(identity.role, loginOf(identity.project));
      if (refused !== undefined) {
        if (MagFlockError.is(refused)) this.totals.unavailable += 1;
        reject(refused);
        return;
      }
      const settings = checkPlan(plan, outbox);
      const { claims } = identity;
      const transaction = new LaneTransaction(plan, claims, outbox, deadline, resolve, reject, settings);
      transaction.once = once;
      const lane = this.#lane(identity);
      if (plan.limits?.cost === undefined) this.#run(lane, transaction);
      else this.#runIfAffordable(lane, transaction, plan.limits.cost);
    });
  }

  /**
   * The same, for a write that is done once: what was answered before is answered again.
   * @throws (as a rejection) MF431 to MF433 besides
   */
  async executeOnce(
    plan: Plan,
    identity: Identity,
    outbox: OutboxRow | undefined,
    deadline: number,
    once: OnceRequest,
  ): Promise<PlanResult> {
    const secret = this.#passwords.get(identity.project);
    const keeps = plan.access === 'write' && plan.end !== 'rollback' && plan.explains !== true;
    if (!keeps || secret === undefined) return this.execute(plan, identity, outbox, deadline);
    const key = onceKey(secret, identity, once);
    try {
      return await this.execute(keepingPlan(plan, key), identity, outbox, deadline, key);
    } catch (thrown) {
      if (!(thrown instanceof KnownAnswer)) throw thrown;
      return keptAnswer(plan, await this.execute(keptAnswerPlan(plan, key), identity, undefined, deadline));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#tick);
    clearInterval(this.#sweep);
    const error = new MagFlockError('MF503', 'The daemon is stopping.');
    await Promise.all(this.#all().map((lane) => lane.close(error)));
    this.#lanes.clear();
  }

  // What lanes ask of the whole.

  mayOpen(lane: Lane): boolean {
    if (this.#refuse(lane.project) !== undefined) return false;
    if (this.#connections >= this.#options.connections && !this.#evict(lane)) {
      this.#starving.add(lane);
      return false;
    }
    this.#starving.delete(lane);
    this.#connections += 1;
    return true;
  }

  async open(lane: Lane, events: Parameters<LaneHost['open']>[1]): Promise<LaneConnection> {
    const endpoint = this.#endpoint;
    const password = this.#passwords.get(lane.project);
    if (endpoint === null || password === undefined)
      throw new MagFlockError('MF503', 'The database is down.');
    const connection = await LaneConnection.open({
      endpoint,
      login: { user: loginOf(lane.project), password },
      database: projectDatabase(lane.project),
      name: `lane ${lane.role}`,
      timeoutMs: connectMs,
      role: lane.role,
      statements: this.#options.statements ?? 200,
      statementTimeoutMs: this.limits.statementTimeoutMs,
      ...events,
    });
    this.#backoffMs = 0;
    this.#sweep ??= setInterval(() => this.#closeIdle(), sweepMs).unref();
    return connection;
  }

  closed(): void {
    this.#connections -= 1;
    for (const lane of this.#starving) {
      this.#starving.delete(lane);
      lane.wake();
      break;
    }
  }

  saturated(): void {
    this.totals.saturated += 1;
  }

  offer(lane: Lane, connection: LaneConnection): boolean {
    if (this.#starving.size === 0 || this.#starving.has(lane)) return false;
    void lane.release(connection);
    return true;
  }

  resolve(lane: Lane, transaction: LaneTransaction): void {
    this.totals.resolved += 1;
    const ask = (plan: Plan): Promise<PlanResult> =>
      new Promise((resolve, reject) => {
        const refused = this.#refuse(lane.project);
        const until = Date.now() + 1000;
        const question = new LaneTransaction(plan, '{}', undefined, until, resolve, reject);
        if (refused === undefined) this.#run(lane, question);
        else question.fail(refused);
      });
    void resolveWrite(transaction, ask, (id) => this.#options.sealed(lane.project, id));
  }

  unreachable(error: MagFlockError): void {
    this.#backoffMs = Math.min(Math.max(this.#backoffMs * 2, firstBackoffMs), longestBackoffMs);
    this.#downUntil = performance.now() + this.#backoffMs;
    for (const lane of this.#all()) lane.refuseWaiting(error);
  }

  #run(lane: Lane, transaction: LaneTransaction): void {
    lane.run(transaction);
    if (this.#tick === undefined && !this.#closed) this.#tick = setInterval(() => this.#onTick(), tickMs);
  }

  /** Asks for estimates first where there are none; of several statements the sum counts. */
  #runIfAffordable(lane: Lane, transaction: LaneTransaction, allowed: number): void {
    const { plan } = transaction;
    const statements = [plan, ...(plan.steps ?? []).map((step) => ({ ...plan, ...step, steps: undefined }))];
    let total = 0;
    let missing = statements.length;
    const add = (cost: number): void => {
      total += cost;
      missing -= 1;
      if (missing > 0) return;
      if (total > allowed) transaction.fail(overLimit('cost', total, allowed));
      else this.#run(lane, transaction);
    };
    for (const statement of statements) this.#estimate(lane, transaction, statement, add);
  }

  #estimate(lane: Lane, transaction: LaneTransaction, plan: Plan, told: (cost: number) => void): void {
    const { claims, deadline, settings } = transaction;
    const known = lane.estimates.find(plan.shape, performance.now());
    if (known !== undefined) {
      told(known);
      return;
    }
    this.totals.estimates += 1;
    const answered = ({ body }: PlanResult): void => {
      const cost = totalCost(body);
      lane.estimates.note(plan.shape, cost, performance.now());
      told(cost);
    };
    const failed = (error: unknown): void => transaction.fail(error as Error);
    this.#run(
      lane,
      new LaneTransaction(costPlan(plan), claims, undefined, deadline, answered, failed, settings),
    );
  }

  #refuse(project: string): MagFlockError | undefined {
    if (this.#closed) return new MagFlockError('MF503', 'The daemon is stopping.');
    if (this.#endpoint === null) return new MagFlockError('MF503', 'The database is being started again.');
    if (this.#downUntil > 0 && performance.now() < this.#downUntil) {
      return new MagFlockError('MF503', 'The database does not answer.');
    }
    if (!this.#passwords.has(project)) return new MagFlockError('MF508', `There is no project "${project}".`);
    return undefined;
  }

  #lane({ project, role }: Identity): Lane {
    let ofProject = this.#lanes.get(project);
    if (ofProject === undefined) {
      ofProject = new Map();
      this.#lanes.set(project, ofProject);
      this.#options.active([project]);
    }
    let lane = ofProject.get(role);
    if (lane === undefined) {
      lane = new Lane(this, project, role);
      ofProject.set(role, lane);
    }
    return lane;
  }

  #setEndpoint(endpoint: Endpoint | null): void {
    this.#endpoint = endpoint;
    this.#downUntil = 0;
    this.#backoffMs = 0;
    if (endpoint === null) {
      const error = new MagFlockError('MF503', 'The database is being started again.');
      for (const lane of this.#all()) lane.refuseWaiting(error);
    }
  }

  async #removeProject(ref: string): Promise<void> {
    this.#passwords.delete(ref);
    const lanes = [...(this.#lanes.get(ref)?.values() ?? [])];
    this.#lanes.delete(ref);
    const error = new MagFlockError('MF508', `Project "${ref}" was removed.`);
    await Promise.all(lanes.map((lane) => lane.close(error)));
  }

  /** Frees a connection of another lane: one without work, or else the one used longest ago, once it is done. */
  #evict(asking: Lane): boolean {
    let oldest: { lane: Lane; connection: LaneConnection } | undefined;
    for (const lane of this.#all()) {
      for (const connection of lane.connections) {
        if (connection.retired || (lane === asking && connection.inFlight > 0)) continue;
        const idle = connection.inFlight === 0 && lane.waiting === 0;
        const oldestIdle = oldest?.connection.inFlight === 0;
        if (
          oldest === undefined ||
          (idle && !oldestIdle) ||
          (idle === oldestIdle && connection.lastUsed < oldest.connection.lastUsed)
        ) {
          oldest = { lane, connection };
        }
      }
    }
    if (oldest === undefined) return false;
    if (oldest.connection.inFlight === 0) {
      void oldest.lane.release(oldest.connection);
      return this.#connections < this.#options.connections;
    }
    if (oldest.lane !== asking && asking.connections.length === 0) oldest.connection.retire();
    return false;
  }

  #onTick(): void {
    const now = performance.now();
    let busy = false;
    for (const lane of this.#all()) {
      lane.tick(now);
      busy ||= lane.inFlight > 0 || lane.waiting > 0;
    }
    if (busy) return;
    clearInterval(this.#tick);
    this.#tick = undefined;
  }

  #closeIdle(): void {
    const now = performance.now();
    const { idleMs } = this.#options;
    if (now - this.#toldActive > Math.min(idleMs / 3, tellActiveMs)) {
      this.#toldActive = now;
      this.#options.active([...this.#lanes.keys()]);
    }
    for (const lane of this.#all()) void lane.closeIdle(now - idleMs, now - Math.min(idleMs, extraIdleMs));
    for (const [project, lanes] of this.#lanes) {
      for (const [role, lane] of lanes) {
        if (lane.connections.length === 0 && lane.waiting === 0 && lane.inFlight === 0) lanes.delete(role);
      }
      if (lanes.size === 0) this.#lanes.delete(project);
    }
    if (this.#connections === 0) {
      clearInterval(this.#sweep);
      this.#sweep = undefined;
    }
  }

  #all(): Lane[] {
    const lanes: Lane[] = [];
    for (const ofProject of this.#lanes.values()) for (const lane of ofProject.values()) lanes.push(lane);
    return lanes;
  }
}

function loginOf(project: string): string {
  return `authenticator_${project}`;
}
