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
} as const;

export type EventName = keyof typeof eventCatalog;
export type EventPayload<N extends EventName> = Static<(typeof eventCatalog)[N]>;
