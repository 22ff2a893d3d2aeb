import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { Incident, SentinelProtocol } from '../../runtime/protocol/sentinel.protocol.ts';
import { Counter } from '../../runtime/telemetry/counter.ts';
import { auditFact } from './audit-fact.ts';
import { IncidentRing } from './incidents/incident-ring.ts';
import { agentName } from './incidents/make-incident.ts';
import type { SentinelSnapshot } from './sentinel-snapshot.ts';
import { signatures } from './signatures/signatures.ts';

/** How long the audit trail has to take an entry. */
const auditTimeoutMs = 5_000;

/** What goes over to the next version. */
interface Remembered {
  readonly recent: readonly Incident[];
  readonly incidents: number;
  readonly unaudited: number;
}

interface Station {
  readonly context: ActorContext;
  readonly recent: IncidentRing;
  incidents: number;
  unaudited: number;
  readonly counted: Counter<'agent' | 'action' | 'signature'>;
  readonly lost: Counter;
}

/** Announces, counts and audits an incident that a replica reports. */
async function report(station: Station, incident: Incident): Promise<{ readonly accepted: boolean }> {
  const { context } = station;
  const total = 1 + (incident.suppressed ?? 0);
  station.recent.push(incident);
  station.incidents += total;
  station.counted.inc(
    { agent: incident.agent, action: incident.action, signature: incident.signature },
    total,
  );
  context.events.emit('threat.detected', {
    incident: incident.id,
    project: incident.project,
    agent: incident.agent,
    signature: incident.signature,
    score: incident.score,
    action: incident.action,
    address: incident.address,
    surface: incident.surface,
  });
  try {
    await context.part('audit').ask('append', auditFact(incident), { timeoutMs: auditTimeoutMs });
  } catch (error) {
    // The request was blocked all the same; what is lost is the entry, and that must be seen.
    station.unaudited += 1;
    station.lost.inc();
    context.log.error({ err: error, incident: incident.id }, 'incident not in the audit trail');
  }
  return { accepted: true };
}

/** MagSentinel's owner: what the patrol agents report comes together here. */
export const actor = defineActor<Station, SentinelProtocol>({
  name: 'sentinel',
  version: '1.0.0',
  concurrency: 16,
  mailbox: { limit: 2_000, overflow: 'drop-oldest' },
  init: (context) => begin(context, { recent: [], incidents: 0, unaudited: 0 }),
  handover: {
    version: 1,
    export: ({ recent, incidents, unaudited }): Remembered => ({
      recent: recent.list(),
      incidents,
      unaudited,
    }),
    adopt: (context, remembered) => begin(context, remembered as Remembered),
  },
  healthCheck: (station) =>
    station.unaudited === 0
      ? { status: 'ok', summary: `${signatures.length} signatures, ${station.incidents} incidents` }
      : {
          status: 'degraded',
          summary: `${station.unaudited} incidents are not in the audit trail`,
          fix: 'Look at the state of the audit part: magflock status',
        },
  getCapabilities: (station) => [
    `SQLGuard: ${signatures.length} signatures`,
    station.context.settings['sentinel.mode'] === 'block' ? 'blocks' : 'simulates: blocks nothing',
  ],
  snapshot: (station): SentinelSnapshot => ({ mode: station.context.settings['sentinel.mode'] }),
  onSettings: ({ context }, settings) =>
    context.publish({ mode: settings['sentinel.mode'] } satisfies SentinelSnapshot, { acknowledged: true }),
  methods: {
    report,
    status: (station) => ({
      mode: station.context.settings['sentinel.mode'],
      signatures: signatures.length,
      incidents: station.incidents,
      agents: [
        {
          name: agentName,
          facts: `${signatures.length} signatures, ${station.recent.list().length} recent incidents`,
        },
      ],
    }),
  },
});

function begin(context: ActorContext, { recent, incidents, unaudited }: Remembered): Station {
  const registers = [context.metrics];
  const ring = new IncidentRing();
  for (const incident of recent) ring.push(incident);
  return {
    context,
    recent: ring,
    incidents,
    unaudited,
    counted: new Counter({
      name: 'magflock_sentinel_incidents_total',
      help: 'Incidents, those not reported one by one included.',
      labelNames: ['agent', 'action', 'signature'],
      registers,
    }),
    lost: new Counter({
      name: 'magflock_sentinel_unaudited_incidents_total',
      help: 'Incidents whose audit entry could not be written.',
      registers,
    }),
  };
}
