import type { Outgoing } from '../port/outgoing.ts';
import type { ActorCell } from './actor-cell.ts';
import { LocalSource } from './local-source.ts';
import { Message } from './message.ts';

/** Puts a message into the mailbox of an actor of the same thread. */
export function deliverLocally(cell: ActorCell, outgoing: Outgoing): void {
  const { asked, method, payload, deadline, meta } = outgoing;
  const { from } = outgoing.address;
  const source = new LocalSource(outgoing);
  const high = meta?.high === true;
  const { trace, id, chain } = meta ?? {};
  const message = new Message(
    source,
    0,
    asked,
    cell,
    method,
    payload,
    from,
    deadline,
    high,
    trace,
    id,
    chain,
  );
  if (asked) outgoing.onAbandon = () => cell.cancel(message);
  cell.enqueue(message);
}
