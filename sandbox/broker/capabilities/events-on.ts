import type { EventName } from '../../../runtime/bus/event-catalog.ts';
import { covers } from '../covers.ts';

/**
 * Events that may wake an extension. Left out is what tells of keys, callers, incidents and other extensions'
 * troubles, and what comes with each request.
 */
export const wakingEvents = [
  'system.ready',
  'project.created',
  'project.removed',
  'database.schema.changed',
  'database.row.written',
  'database.unavailable',
  'database.available',
  'extension.message',
] as const satisfies readonly EventName[];

export interface EventListener {
  /** Id of the extension. */
  readonly id: string;
  /** Effective scopes of `events.on` at this moment. */
  readonly scopes: readonly string[];
  readonly projects: readonly string[];
}

export interface WakingEvent {
  readonly name: EventName;
  /** Null when the event is of no project. */
  readonly project: string | null;
  readonly payload: unknown;
}

/**
 * What an extension gets of an event: undefined when it is none of its business: not granted, not one that wakes,
 * of a project that is none of its own, or its own message. A message's payload is parsed.
 */
export function eventsOn(listener: EventListener, name: string, payload: object): WakingEvent | undefined {
  const known = wakingEvents.find((one) => one === name);
  if (known === undefined || !covers('events.on', listener.scopes, name)) return undefined;
  const facts = payload as Readonly<Record<string, unknown>>;
  const project = typeof facts['project'] === 'string' ? facts['project'] : null;
  if (project !== null && !listener.projects.includes(project)) return undefined;
  if (known !== 'extension.message') return { name: known, project, payload };
  // An extension that answers itself would never end.
  if (facts['id'] === listener.id) return undefined;
  return {
    name: known,
    project,
    payload: { ...facts, payload: JSON.parse(String(facts['payload'])) as unknown },
  };
}
