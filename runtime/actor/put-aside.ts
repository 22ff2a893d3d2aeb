import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorCell } from './actor-cell.ts';
import type { Message } from './message.ts';

/** Puts a message into the stash. @returns its refusal when there is no room */
export function putAside(cell: ActorCell, message: Message): MagFlockError | undefined {
  const { stash } = cell.extras;
  const limit = cell.definition?.stash?.limit ?? 1_000;
  if (stash.length >= limit) {
    // Those nobody waits for any more take no room.
    for (const each of stash.splice(0)) {
      if (each.cancelled) each.source.release(each.slot);
      else stash.push(each);
    }
  }
  if (stash.length < limit) {
    stash.push(message);
    return undefined;
  }
  message.finish();
  return new MagFlockError('MF603', `the stash of ${cell.name} is full (${limit} messages)`);
}
