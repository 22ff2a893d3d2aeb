import { MagFlockError } from '../errors/magflock-error.ts';
import type { EndReason } from './terminated.ts';

/** The reason given to `context.exit`, in the words of the runtime. */
export function endReason(reason: unknown): EndReason {
  if (reason === undefined || reason === 'normal') return { kind: 'normal', detail: 'ended by itself' };
  if (reason === 'shutdown') return { kind: 'shutdown', detail: 'shut itself down' };
  const { code, message } = MagFlockError.from(reason);
  const detail = reason instanceof Error ? `${reason.name}: ${reason.message}` : `${code}: ${message}`;
  return { kind: 'crash', detail };
}
