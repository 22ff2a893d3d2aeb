import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { SentinelProtocol } from '../../runtime/protocol/sentinel.protocol.ts';
import { type Remembered, SentinelStation } from './sentinel-station.ts';
import { signatures } from './signatures/signatures.ts';

/** MagSentinel's owner: what the patrol agents report comes together here, and what follows from it is decided. */
export const actor = defineActor<SentinelStation, SentinelProtocol>({
  name: 'sentinel',
  version: '2.0.0',
  // Reports wait for nothing; what waits are statements that are judged (256 an extension), look-ups and changes. So
  // many that statements which wait for workers do not keep reports in the mailbox, or an operator outside.
  concurrency: 2_048,
  mailbox: { limit: 2_000, overflow: 'drop-oldest' },
  init: (context) => SentinelStation.open(context),
  handover: {
    version: 2,
    export: (station) => station.export(),
    adopt(context, exported, fromVersion) {
      const remembered = exported as Remembered;
      if (fromVersion >= 2) return SentinelStation.open(context, remembered);
      // Incidents of version 1 lack what is kept of them now; they are in the audit trail.
      const { incidents, unaudited } = remembered;
      return SentinelStation.open(context, { incidents, unaudited });
    },
  },
  start: (station) => station.start(),
  stop: (station) => station.stop(),
  healthCheck: (station) => station.health(),
  getCapabilities: (station) => [
    `SQLGuard: ${signatures.length} signatures`,
    station.models.shelf === null
      ? 'no models: signatures alone decide'
      : `models ${station.models.shelf.active.version}`,
    station.context.settings['sentinel.mode'] === 'block' ? 'blocks' : 'simulates: blocks nothing',
  ],
  snapshot: (station) => station.snapshot(),
  onSettings: (station) => station.settingsChanged(),
  methods: {
    report(station, incident) {
      station.report(incident);
      return { accepted: true };
    },
    counted(station, facts) {
      station.agent.counted(facts);
      return { accepted: true };
    },
    status: (station) => station.status(),
    threats: ({ threats }, request) => threats.list(request),
    threat: ({ threats }, { id }) => threats.find(id),
    feedback: ({ threats }, { id, verdict, note }) => threats.say(id, verdict, note, Date.now()),
    feedbackEntries: ({ threats }) => threats.entries(),
    blocks: ({ blocks }, { project }) => blocks.list(project),
    unblock: ({ blocks }, { target }) => blocks.unblock(target),
    models: ({ models }) => models.state(),
    rescan: ({ models }) => models.rescan(),
    promote: ({ models }, { version }) => models.promote(version),
    rollback: ({ models }) => models.rollback(),
    shadow: ({ models }, { version }) => models.shadow(version),
    judgeStatement: ({ statements }, facts) => statements.judge(facts),
  },
});
