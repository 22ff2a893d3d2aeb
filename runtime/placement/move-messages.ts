import type { ActorCell } from '../actor/actor-cell.ts';
import { deliverLocally } from '../actor/deliver-locally.ts';
import { LocalSource } from '../actor/local-source.ts';
import type { Link } from '../port/link.ts';
import type { Outgoing } from '../port/outgoing.ts';

/** The thread whose senders hear that an actor has moved. */
export interface MovingHost {
  readonly thread: string;
  cell(name: string): ActorCell;
  link(thread: string): Link;
}

/**
 * Sends what this thread has sent to an actor, and the actor has not started, after it into its new thread, before
 * anything newer. What other threads have sent to it they take back themselves.
 */
export function moveMessages(host: MovingHost, name: string, from: string, to: string): void {
  const unstarted = from === host.thread ? ownMessages(host.cell(name)) : host.link(from).takeBack(name);
  if (unstarted.length === 0) return;
  if (to !== host.thread) host.link(to).resend(unstarted);
  else for (const outgoing of unstarted) if (!outgoing.settled) deliverLocally(host.cell(name), outgoing);
}

/** Messages of senders in this thread, out of the mailbox of an actor that leaves it. */
function ownMessages(cell: ActorCell): readonly Outgoing[] {
  // Without an incarnation, or with one that was not suspended, this is no hot swap: the mailbox stays as it is.
  if (!cell.suspended) return [];
  return cell
    .moved()
    .map(({ source }) => source)
    .filter((source) => source instanceof LocalSource)
    .map(({ outgoing }) => outgoing);
}
