import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorCell } from './actor-cell.ts';
import type { Message } from './message.ts';
import { isTimerCall } from './timer-call.ts';

/** Calls of an incarnation that is given up: their code may go on, their askers need not wait for it. */
export function giveUp(cell: ActorCell, calls: readonly Message[]): void {
  for (const call of calls) {
    call.finish();
    call.cancel();
    if (isTimerCall(call)) continue;
    const error = new MagFlockError('MF601', `${cell.name} was ended before it answered ${call.method}`);
    call.source.fail(call.slot, error);
    if (!call.asked) cell.host.lost(cell, call, error);
  }
}
