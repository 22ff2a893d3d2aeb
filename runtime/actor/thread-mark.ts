import { WatchdogMark } from '../telemetry/watchdog-mark.ts';
import type { ActorCell } from './actor-cell.ts';
import type { Method } from './behaviour.ts';

const mark = new WatchdogMark();
const others = {
  timer: { label: 0 },
  init: { label: 0 },
  start: { label: 0 },
  stop: { label: 0 },
};

let lastCell: ActorCell | undefined;
let lastMethod: Pick<Method, 'label'> | undefined;

/** What this thread does at the moment, for the watchdog. One per thread, whatever number of machines is in it. */
export const threadMark = {
  mark,

  /** A message of this actor starts. */
  begin(cell: ActorCell, method: Pick<Method, 'label'>, name: string): void {
    // Messages come in runs: the next one of the same kind changes one word only.
    if (cell === lastCell && method === lastMethod) {
      mark.again();
      return;
    }
    lastCell = cell;
    lastMethod = method;
    if (method.label === 0) method.label = mark.label(name);
    const named = typeof cell.key === 'string';
    const extras = named && !mark.full ? cell.extras : cell.hasExtras;
    if (extras !== undefined && named) {
      if (extras.label === 0) extras.label = mark.full ? -1 : mark.label(cell.path);
      if (extras.label > 0) {
        mark.begin(extras.label, method.label, 0);
        return;
      }
    }
    // One of very many children: its parent and its number say who it is.
    const parent = cell.parent?.extras;
    if (parent !== undefined && parent.label === 0) parent.label = mark.label(cell.parent?.path ?? '');
    mark.begin(parent?.label ?? 0, method.label, typeof cell.key === 'number' ? cell.key : 0);
  },

  end(): void {
    mark.end();
  },

  /** Runs something of an actor that is no message. */
  run<T>(cell: ActorCell, what: keyof typeof others, work: () => T): T {
    threadMark.begin(cell, others[what], what);
    try {
      return work();
    } finally {
      mark.end();
    }
  },
} as const;
