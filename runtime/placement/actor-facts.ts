import type { ActorHost } from './actor-host.ts';
import type { ActorFacts } from './thread-control.ts';

/** What is known of the actors of a thread, by name. */
export function actorFacts(host: ActorHost): Record<string, ActorFacts> {
  const facts: Record<string, ActorFacts> = {};
  for (const cell of host.cells()) {
    const { mailbox, running, handled, failed } = cell;
    const version = cell.definition?.version ?? '';
    facts[cell.name] = { version, mailbox: mailbox.length, bytes: mailbox.bytes, running, handled, failed };
  }
  return facts;
}
