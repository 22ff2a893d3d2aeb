import { type Static, Type } from './event-type.ts';

const project = Type.String({ description: 'ref of the project' });

/**
 * Every event, with its schema. Names are `area.thing.happened`. Events announce, they never steer.
 * At the border of the bus a payload that does not fit its schema is refused (MF612 names the field).
 */
export const eventCatalog = {
  'system.ready': Type.Object({ url: Type.String() }),
  'system.stopping': Type.Object({ reason: Type.String() }),
  'component.started': Type.Object({ path: Type.String(), incarnation: Type.Number() }),
  'component.failed': Type.Object({ path: Type.String(), incarnation: Type.Number(), reason: Type.String() }),
  'component.restarted': Type.Object({
    path: Type.String(),
    incarnation: Type.Number(),
    tookMs: Type.Number(),
  }),
  'component.swapped': Type.Object({
    path: Type.String(),
    incarnation: Type.Number(),
    fromVersion: Type.String(),
    toVersion: Type.String(),
    pausedMs: Type.Number(),
    tookMs: Type.Number(),
  }),
  /** While it lasts: at the threshold and each time it has lasted twice as long; `over` when it goes on. */
  'actor.blocked': Type.Object({
    path: Type.String({ description: 'of the actor whose message runs, or ran last when running is false' }),
    method: Type.String(),
    thread: Type.String(),
    running: Type.Boolean(),
    forMs: Type.Number(),
    over: Type.Boolean(),
  }),
  'actor.quota.exceeded': Type.Object({
    path: Type.String(),
    quota: Type.String(),
    limit: Type.Number(),
    value: Type.Number(),
    policy: Type.String(),
  }),
  'component.quarantined': Type.Object({ path: Type.String(), reason: Type.String() }),
  'api.request.answered': Type.Object({
    project,
    method: Type.String(),
    route: Type.String(),
    status: Type.Number(),
    ms: Type.Number(),
  }),
  'auth.key.failed': Type.Object({
    project,
    address: Type.String(),
    code: Type.String(),
    count: Type.Number(),
  }),
  'audit.entry.sealed': Type.Object({ project, seq: Type.Number() }),
  'auth.key.created': Type.Object({ project, id: Type.String(), role: Type.String() }),
  'auth.key.revoked': Type.Object({ project, id: Type.String() }),
  'database.schema.changed': Type.Object({ project }),
  'database.unavailable': Type.Object({ reason: Type.String() }),
  'database.available': Type.Object({ afterMs: Type.Number() }),
  'database.row.written': Type.Object({ project }),
  'project.created': Type.Object({ project }),
  'project.removed': Type.Object({ project }),
  'extension.started': Type.Object({ id: Type.String(), version: Type.String() }),
  'extension.installed': Type.Object({ id: Type.String(), version: Type.String() }),
  'extension.updated': Type.Object({ id: Type.String(), version: Type.String(), fromVersion: Type.String() }),
  'extension.removed': Type.Object({ id: Type.String() }),
  'extension.failed': Type.Object({ id: Type.String(), reason: Type.String() }),
  'extension.quarantined': Type.Object({ id: Type.String(), reason: Type.String() }),
  'extension.released': Type.Object({ id: Type.String() }),
  'extension.limit.exceeded': Type.Object({
    id: Type.String(),
    limit: Type.String(),
    value: Type.Number(),
    max: Type.Number(),
    policy: Type.String(),
  }),
  'extension.cage.killed': Type.Object({
    pid: Type.Number(),
    reason: Type.String(),
    blamed: Type.String({ description: 'id of the extension that did it, or empty' }),
    detectedMs: Type.Number(),
  }),
  /** What an extension says to others. The name is its own invention, never one of this catalogue. */
  'extension.message': Type.Object({
    id: Type.String({ description: 'of the extension that says it' }),
    project,
    name: Type.String(),
    payload: Type.String({ description: 'JSON text, at most 16 KiB' }),
  }),
  'extension.capability.denied': Type.Object({ id: Type.String(), capability: Type.String() }),
  'threat.detected': Type.Object({
    incident: Type.String(),
    project,
    agent: Type.String(),
    signature: Type.String(),
    score: Type.Number(),
    action: Type.String(),
    address: Type.String(),
    surface: Type.String(),
  }),
  /** Somebody is refused everything for a while. */
  'threat.address.blocked': Type.Object({
    block: Type.String(),
    project,
    address: Type.String(),
    key: Type.String({ description: 'id of the key, empty for strangers' }),
    until: Type.String(),
    incidents: Type.Number(),
  }),
  /** Lifted by an operator, or because its time was over. */
  'threat.address.unblocked': Type.Object({
    block: Type.String(),
    project,
    address: Type.String(),
    by: Type.String({ description: 'operator or time' }),
  }),
  'threat.feedback': Type.Object({ incident: Type.String(), project, verdict: Type.String() }),
  /** Another version of an agent's models judges from now on. */
  'sentinel.model.changed': Type.Object({
    agent: Type.String(),
    version: Type.String(),
    before: Type.String(),
    reason: Type.String({ description: 'promote, rollback, or damaged' }),
  }),
  /** Models of an agent do not judge, or judge again: nothing is silently off. */
  'sentinel.agent.state': Type.Object({
    agent: Type.String(),
    state: Type.String({ description: 'ok, degraded or off' }),
    problem: Type.String({ description: 'empty when there is none' }),
  }),
} as const;

export type EventName = keyof typeof eventCatalog;
export type EventPayload<N extends EventName> = Static<(typeof eventCatalog)[N]>;
