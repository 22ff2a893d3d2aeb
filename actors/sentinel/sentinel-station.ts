import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { Health } from '../../runtime/motherboard/health.ts';
import type { Incident, SentinelStatus } from '../../runtime/protocol/sentinel.protocol.ts';
import { Counter } from '../../runtime/telemetry/counter.ts';
import { AgentDesk, type KeptAgent } from './agents/agent-desk.ts';
import { ModelDesk } from './agents/model-desk.ts';
import { StatementDesk } from './agents/statement-desk.ts';
import { auditFact } from './audit-fact.ts';
import { BlockKeeper, type KeptBlocks } from './blocks/block-keeper.ts';
import { agentName } from './incidents/make-incident.ts';
import type { SentinelSnapshot } from './sentinel-snapshot.ts';
import { signatures } from './signatures/signatures.ts';
import { AuditQueue } from './threats/audit-queue.ts';
import { type KeptThreats, ThreatDesk } from './threats/threat-desk.ts';

/** What goes over to the next version of the part. */
export interface Remembered {
  readonly incidents: number;
  readonly unaudited: number;
  readonly threats: KeptThreats;
  readonly blocks: KeptBlocks;
  readonly agent: KeptAgent;
}

/** How long the audit trail has to take an entry. */
const auditTimeoutMs = 5_000;
/** An incident waits so long for others before they are written together. */
const gatherMs = 100;
/** Part of the stop budget of five seconds. */
const closeMs = 3_000;

/** Everything that MagSentinel's owner keeps, and what it does with an incident. */
export class SentinelStation {
  readonly context: ActorContext;
  readonly threats: ThreatDesk;
  readonly blocks: BlockKeeper;
  readonly agent: AgentDesk;
  readonly models: ModelDesk;
  readonly statements: StatementDesk;
  readonly #audits: AuditQueue;
  readonly #counted: Counter<'agent' | 'action' | 'signature'>;
  readonly #subscriptions: (() => void)[] = [];
  #gathering = false;
  #incidents = 0;
  #unaudited = 0;

  constructor(context: ActorContext) {
    this.context = context;
    const registers = [context.metrics];
    this.#counted = new Counter({
      name: 'magflock_sentinel_incidents_total',
      help: 'Incidents, those not reported one by one included.',
      labelNames: ['agent', 'action', 'signature'],
      registers,
    });
    const lost = new Counter({
      name: 'magflock_sentinel_unaudited_incidents_total',
      help: 'Incidents whose audit entry could not be written.',
      registers,
    });
    this.#audits = new AuditQueue({
      append: (fact) => context.part('audit').ask('append', fact, { timeoutMs: auditTimeoutMs }),
      // The request was blocked all the same; what is lost is the entry, and that must be seen.
      lost: ({ action, details }, error) => {
        this.#unaudited += 1;
        lost.inc();
        context.log.error(
          { err: error, action, incident: details?.['incident'] },
          'incident not in the audit trail',
        );
      },
    });
    this.threats = new ThreatDesk(context);
    this.blocks = new BlockKeeper({ context, audit: (fact) => this.#audits.add(fact), now: Date.now });
    this.agent = new AgentDesk(context, Date.now);
    this.models = new ModelDesk({
      context,
      publish: () => context.publish(this.#delta('models'), { acknowledged: true }),
      changed: (shelf, problems) => this.agent.models(shelf, problems),
    });
    this.statements = new StatementDesk({
      context,
      models: this.models,
      report: (incident) => this.report(incident),
      counted: (facts) => this.agent.counted(facts),
    });
  }

  /** @param remembered of the version before, in a hot swap */
  static async open(context: ActorContext, remembered?: Partial<Remembered>): Promise<SentinelStation> {
    const station = new SentinelStation(context);
    const { threats, blocks, agent } = remembered ?? {};
    station.#incidents = remembered?.incidents ?? 0;
    station.#unaudited = remembered?.unaudited ?? 0;
    if (threats !== undefined) station.threats.adopt(threats);
    if (agent !== undefined) station.agent.adopt(agent);
    if (blocks !== undefined) station.blocks.adopt(blocks);
    else await station.blocks.load();
    await station.models.open();
    return station;
  }

  start(): void {
    const { context } = this;
    context.timers.every(1000, () => this.#tick());
    context.timers.every(5000, () => this.statements.flush());
    this.#subscriptions.push(
      context.events.on('project.removed', async ({ project }) => {
        this.statements.forgetProject(project);
        const forgotten = await Promise.allSettled([
          this.blocks.forgetProject(project),
          this.threats.forgetProject(project),
        ]);
        for (const outcome of forgotten) {
          if (outcome.status === 'fulfilled') continue;
          context.log.error(
            { err: outcome.reason, project },
            'incidents of a removed project are still there',
          );
        }
      }),
    );
  }

  /** Ends within its part of the stop budget, whatever the database does. */
  async stop(): Promise<void> {
    for (const end of this.#subscriptions.splice(0)) end();
    await this.#settled();
  }

  /** The whole state as data. */
  async export(): Promise<Remembered> {
    await this.#settled();
    return {
      incidents: this.#incidents,
      unaudited: this.#unaudited,
      threats: await this.threats.export(),
      blocks: await this.blocks.export(),
      agent: this.agent.export(),
    };
  }

  /** Announces, counts, keeps and audits an incident that a replica reports. Waits for nothing. */
  report(incident: Incident): void {
    const total = 1 + (incident.suppressed ?? 0);
    this.blocks.note(incident);
    this.threats.add(incident);
    this.#incidents += total;
    this.#counted.inc(
      { agent: incident.agent, action: incident.action, signature: incident.signature },
      total,
    );
    this.context.events.emit('threat.detected', {
      incident: incident.id,
      project: incident.project,
      agent: incident.agent,
      signature: incident.signature,
      score: incident.score,
      action: incident.action,
      address: incident.address,
      surface: incident.surface,
    });
    this.#audits.add(auditFact(incident));
    if (this.#gathering) return;
    this.#gathering = true;
    this.context.timers.after(gatherMs, () => {
      this.#gathering = false;
      return this.threats.tick(Date.now());
    });
  }

  snapshot(): SentinelSnapshot {
    return this.#delta('mode', 'models', 'blocks') as SentinelSnapshot;
  }

  /** Settings have changed. */
  async settingsChanged(): Promise<void> {
    this.agent.look();
    await this.context.publish(this.#delta('mode', 'blocks'), { acknowledged: true });
  }

  status(): SentinelStatus {
    const { settings } = this.context;
    const shelf = this.models.shelf;
    const models = shelf === null ? 'no models' : `models ${shelf.active.version}`;
    return {
      mode: settings['sentinel.mode'],
      signatures: signatures.length,
      incidents: this.#incidents,
      unaudited: this.#unaudited,
      blocks: this.blocks.size,
      agents: [
        {
          name: agentName,
          facts: `${signatures.length} signatures, ${models}, ${this.threats.recent.length} recent incidents`,
          models: shelf,
          shadow: this.agent.shadow,
          whenUnjudged: settings['sentinel.whenUnjudged'],
          ...this.agent.state,
        },
      ],
    };
  }

  health(): Health {
    const { state, problem } = this.agent.state;
    const minute = this.agent.minute;
    const facts = {
      incidents: this.#incidents,
      unaudited: this.#unaudited,
      waiting: this.threats.waiting,
      unkept: this.threats.lost,
      blocks: this.blocks.size,
      unsavedBlocks: this.blocks.unsaved,
      models: state,
      judgedLastMinute: minute.judged,
      overBudgetLastMinute: minute.overBudget,
    };
    const problems = [
      ...(this.#unaudited > 0 ? [`${this.#unaudited} incidents are not in the audit trail`] : []),
      ...(this.threats.lost > 0 ? [`${this.threats.lost} incidents could not be kept`] : []),
      ...(this.threats.stuck ? [`${this.threats.waiting} incidents wait for the control database`] : []),
      ...(this.blocks.loaded ? [] : ['blocked addresses of the last run could not be read yet']),
      ...(this.blocks.unsaved > 0 ? [`${this.blocks.unsaved} blocked addresses are not durable yet`] : []),
      // Whoever switched the models off knows it; status says so all the same.
      ...(state === 'ok' || !this.context.settings['sentinel.models'] ? [] : [problem ?? state]),
    ];
    if (problems.length === 0) {
      return {
        status: 'ok',
        summary: `${signatures.length} signatures, ${this.#incidents} incidents`,
        facts,
      };
    }
    return {
      status: 'degraded',
      summary: problems.join('; '),
      fix: 'magflock status shows the state of audit, storage and patrol; magflock sentinel status that of the models.',
      facts,
    };
  }

  async #tick(): Promise<void> {
    this.agent.look();
    await Promise.all([this.blocks.tick(), this.threats.tick(Date.now())]);
  }

  async #settled(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeMs)));
    await Promise.race([
      Promise.all([
        this.threats.flush(),
        this.blocks.close(),
        this.statements.flush(),
        this.#audits.settled(),
      ]),
      late,
    ]);
    clearTimeout(timer);
  }

  #delta(...fields: readonly (keyof SentinelSnapshot)[]): Partial<SentinelSnapshot> {
    const mode = this.context.settings['sentinel.mode'];
    const all: SentinelSnapshot = { mode, models: this.models.snapshot, blocks: this.blocks.snapshot() };
    return Object.fromEntries(fields.map((field) => [field, all[field]]));
  }
}
