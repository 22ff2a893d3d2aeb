import type { ActorCell } from './actor-cell.ts';
import type { EndReason, Terminated } from './terminated.ts';

/** Does an end for this reason take linked actors along? As in Erlang, but an orderly stop is a normal end here. */
function spreads({ kind }: EndReason): boolean {
  return kind === 'crash' || kind === 'killed' || kind === 'unavailable';
}

/** An actor linked to this one has ended: this one hears of it (`trapExits`) or ends for the same reason. */
export function linkedEnded(cell: ActorCell, terminated: Terminated): void {
  const { definition, incarnation } = cell;
  if (definition?.trapExits !== undefined) {
    cell.enqueueTimer(() => {
      if (cell.incarnation === incarnation) return cell.definition?.trapExits?.(cell.state, terminated);
    });
    return;
  }
  if (!spreads(terminated.reason)) return;
  const { kind, detail } = terminated.reason;
  const why = `linked to ${terminated.path}: ${detail}`;
  cell.exit({ kind: kind === 'unavailable' ? 'crash' : kind, detail: why });
}
