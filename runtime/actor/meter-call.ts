import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorCell } from './actor-cell.ts';
import type { Method } from './behaviour.ts';
import { estimateBytes } from './estimate-bytes.ts';
import type { Message } from './message.ts';
import { threadMark } from './thread-mark.ts';

const event = { label: 0 };

/** What is measured, marked and traced of a message on its way through a cell. */
export const meterCall = {
  /** A message starts. @returns when, for the other two; 0 when it is not measured */
  begin(cell: ActorCell, message: Message, method: Method): number {
    const { tracer } = cell.host;
    if (tracer !== undefined) tracer.begin(cell.path, message);
    const meter = cell.hasExtras?.meter;
    // Most messages of a busy actor are not measured.
    const at = meter === undefined ? 0 : meter.begin();
    threadMark.begin(cell, method, message.method);
    return at;
  },

  /** Its method has returned, or awaits. */
  turned(cell: ActorCell, at: number): void {
    threadMark.end();
    if (at > 0) cell.hasExtras?.meter?.turned(at);
  },

  /** It has its outcome. */
  settled(cell: ActorCell, at: number, message: Message, error?: unknown): void {
    const { tracer } = cell.host;
    if (at === 0 && tracer === undefined) return;
    const code = error === undefined ? undefined : MagFlockError.from(error).code;
    if (at > 0) cell.hasExtras?.meter?.settled(at, message, code);
    tracer?.end(message, code);
  },

  /** The handler of an event starts. */
  handlerBegins(cell: ActorCell): void {
    threadMark.begin(cell, event, 'event');
  },

  handlerEnds(): void {
    threadMark.end();
  },

  /** Are its messages measured, traced or journalled? */
  sees(cell: ActorCell): boolean {
    const extras = cell.hasExtras;
    if (cell.host.tracer !== undefined) return true;
    return extras !== undefined && (extras.meter !== undefined || extras.gate !== undefined);
  },

  /** Why a message may not wait: its actor's quota of bytes. */
  refusal(cell: ActorCell, message: Message): MagFlockError | undefined {
    const quota = cell.hasExtras?.meter?.quota;
    return quota === undefined
      ? undefined
      : quota.refuses(cell.mailbox.bytes + estimateBytes(message.payload));
  },
} as const;
