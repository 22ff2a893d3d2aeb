import { resolve } from 'node:path';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { AuditFact, AuditProtocol } from '../../runtime/protocol/audit.protocol.ts';
import type { KeyMaterial } from '../../runtime/protocol/key-material.ts';
import { auditKeys } from './audit-keys.ts';
import { AuditOffice } from './audit-office.ts';

interface AuditState {
  readonly context: ActorContext;
  readonly office: AuditOffice;
  readonly subscriptions: (() => void)[];
}

/** Part of the stop budget of five seconds. */
const closeMs = 4000;
/** How often projects that were active lately are looked at without being woken. */
const sweepMs = 5000;

/** The audit trail, owner side: seals the outboxes of all projects into their chains and signs the ends. */
export const actor = defineActor<AuditState, AuditProtocol, Pick<KeyMaterial, 'audit'>>({
  name: 'audit',
  version: '1.0.0',
  // An entry is answered when it is durable; those that wait together make one batch.
  concurrency: 512,
  async init(context, args) {
    const folder = resolve(context.settings.dataDir, 'audit');
    const office = new AuditOffice(context, auditKeys(args.audit), folder);
    await office.load();
    return { context, office, subscriptions: [] };
  },
  start(state) {
    const { context, office } = state;
    subscribe(state);
    context.timers.every(Math.max(sweepMs, context.settings['audit.sealIntervalMs']), () =>
      office.wakeActive(),
    );
    context.timers.every(context.settings['audit.checkpointSeconds'] * 1000, () => office.checkpointMoved());
    // Not awaited: a thousand projects must not hold up the boot.
    void office.sealAll();
  },
  async stop({ office, subscriptions }) {
    for (const end of subscriptions.splice(0)) end();
    await office.close(closeMs);
  },
  healthCheck({ office }) {
    const failing = office.failing;
    const facts = { waiting: office.waiting, failing: failing.length };
    if (failing.length === 0) return { status: 'ok', summary: 'all chains move', facts };
    return {
      status: 'degraded',
      summary: `writes wait to be sealed in: ${failing.slice(0, 5).join(', ')}`,
      fix: 'They are kept in their databases and tried again; see the log for the reason.',
      facts,
    };
  },
  getCapabilities: ({ office, context }) => [
    `${office.projects} ${office.projects === 1 ? 'chain' : 'chains'}, HMAC-sealed`,
    `signed checkpoint every ${context.settings['audit.checkpointSeconds']} s`,
  ],
  snapshot: () => null,
  methods: {
    append: ({ office }, fact) => office.append(fact),
    wake: ({ office }, { project }) => office.wake(project),
    read: ({ office }, request) => office.read(request),
    verify: ({ office }, { project }, call) => office.verify(project, call.signal),
    verifyProgress: ({ office }, { project }) => office.verifyProgress(project),
    checkpoint: ({ office }, { project }) => office.checkpoint(project),
  },
});

/** What the audit hears of itself; acts of people, boot and stop, and refused keys are handed in by who sees them. */
function subscribe({ context, office, subscriptions }: AuditState): void {
  const { events, log } = context;
  const note = (fact: Omit<AuditFact, 'actor'>): void => {
    office.append({ ...fact, actor: 'magflock' }).catch((error: unknown) => {
      log.error({ err: error, action: fact.action }, 'an audit entry is lost');
    });
  };
  const system = (action: string, details: NonNullable<AuditFact['details']>): void =>
    note({ kind: 'system', project: 'system', action, details });
  subscriptions.push(
    events.on('project.created', ({ project }) => office.projectCreated(project), { priority: 100 }),
    events.on('project.removed', ({ project }) => office.projectRemoved(project)),
    events.on('database.available', () => office.retryNow()),
    events.on('database.schema.changed', ({ project }) =>
      note({ kind: 'schema', project, action: 'schema.changed' }),
    ),
    events.on('component.failed', ({ path, incarnation, reason }) =>
      system('component.failed', { path, incarnation, reason: reason.slice(0, 500) }),
    ),
    events.on('component.restarted', ({ path, incarnation }) =>
      system('component.restarted', { path, incarnation }),
    ),
    events.on('component.swapped', ({ path, incarnation, fromVersion, toVersion }) =>
      system('component.swapped', { path, incarnation, fromVersion, toVersion }),
    ),
    events.on('component.quarantined', ({ path, reason }) =>
      system('component.quarantined', { path, reason: reason.slice(0, 500) }),
    ),
  );
}
