import type { Message } from './message.ts';

/** The calls of an actor that await something. There is one, as a rule, and a million idle actors have none. */
export type RunningCalls = Message | Set<Message> | undefined;

export const runningCalls = {
  with(calls: RunningCalls, call: Message): RunningCalls {
    if (calls === undefined) return call;
    return calls instanceof Set ? calls.add(call) : new Set([calls, call]);
  },

  has(calls: RunningCalls, call: Message): boolean {
    return calls === call || (calls instanceof Set && calls.has(call));
  },

  without(calls: RunningCalls, call: Message): RunningCalls {
    if (calls === call) return undefined;
    if (calls instanceof Set) calls.delete(call);
    return calls;
  },

  all(calls: RunningCalls): readonly Message[] {
    if (calls === undefined) return [];
    return calls instanceof Set ? [...calls] : [calls];
  },
} as const;
