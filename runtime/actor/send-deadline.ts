import type { AskOptions } from './actor-ref.ts';
import type { Message } from './message.ts';

/** Milliseconds an ask may take when its sender names no time. */
const defaultTimeoutMs = 30_000;

/** The deadline of an ask, milliseconds since the epoch: never later than that of the call it is made in. */
export function sendDeadline(call: Message | undefined, options: AskOptions | undefined): number {
  const own = Date.now() + (options?.timeoutMs ?? defaultTimeoutMs);
  return call !== undefined && call.deadline < own ? call.deadline : own;
}
