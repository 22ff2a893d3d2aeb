import { createGuestIsolate } from '../../../sandbox/isolate/create-guest-isolate.ts';
import type { GuestAnswer, GuestIsolate } from '../../../sandbox/isolate/guest-isolate.ts';
import type { GuestEntry } from '../../../sandbox/protocol/guest-entry.ts';
import type { GuestEnd, LoadRequest } from '../../../sandbox/protocol/load-request.ts';

export interface LoadedTestGuest extends AsyncDisposable {
  readonly isolate: GuestIsolate;
  readonly logs: { readonly level: number; readonly text: string }[];
  readonly syscalls: { readonly what: string; readonly args: unknown; readonly callId: string | null }[];
  readonly ends: GuestEnd[];
  /** Resolves with the end of the guest. */
  readonly end: Promise<GuestEnd>;
  call(entry: GuestEntry, payload?: unknown, bounds?: { ms?: number; cpuMs?: number }): Promise<GuestAnswer>;
  /** Value of an answer that must be fine. */
  value(entry: GuestEntry, payload?: unknown): Promise<unknown>;
}

export interface TestGuestOptions extends Partial<LoadRequest> {
  /** Answers system calls; by default with what was asked. */
  readonly answer?: (what: string, args: unknown) => unknown;
}

let calls = 0;

/** Loads the source of a module into an isolate of this process. */
export async function loadGuest(code: string, options: TestGuestOptions = {}): Promise<LoadedTestGuest> {
  const { answer = (what: string, args: unknown) => ({ what, args }), ...request } = options;
  const logs: { level: number; text: string }[] = [];
  const syscalls: { what: string; args: unknown; callId: string | null }[] = [];
  const ends: GuestEnd[] = [];
  const end = Promise.withResolvers<GuestEnd>();
  const isolate = await createGuestIsolate(
    {
      id: 'acme/guest',
      version: '1.2.3',
      trust: 'unsigned',
      code,
      memoryMegabytes: 32,
      cpuMs: 1000,
      config: { greeting: 'hello' },
      capabilities: [],
      features: [],
      logLinesPerSecond: 20,
      concurrentSyscalls: 8,
      ...request,
    },
    {
      syscall: async (capability, method, args, callId) => {
        const what = `${capability}.${method}`;
        syscalls.push({ what, args: JSON.parse(args), callId });
        return JSON.stringify((await answer(what, JSON.parse(args))) ?? null);
      },
      log: (level, text) => logs.push({ level, text }),
      ended: (told) => {
        ends.push(told);
        end.resolve(told);
      },
    },
  );
  const call: LoadedTestGuest['call'] = (entry, payload = null, { ms = 10_000, cpuMs = 2000 } = {}) =>
    new Promise((resolve) => {
      calls += 1;
      const body = { entry, cpuMs, deadline: Date.now() + ms, payload: JSON.stringify(payload) };
      isolate.call(calls.toString(16).padStart(24, '0'), body, resolve);
    });
  return {
    isolate,
    logs,
    syscalls,
    ends,
    end: end.promise,
    call,
    value: async (entry, payload) => {
      const { ok, payload: text } = await call(entry, payload);
      if (!ok) throw new Error(text);
      return JSON.parse(text);
    },
    [Symbol.asyncDispose]: async () => isolate.dispose(),
  };
}
