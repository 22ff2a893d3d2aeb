import type { CallBody } from '../protocol/call-body.ts';
import type { GuestEnd, GuestVitals, LoadedGuest } from '../protocol/load-request.ts';

/** What an isolate reaches outside of itself. */
export interface IsolateHost {
  /** @param args JSON text of the arguments, an array. Resolves with JSON text; rejects with an error that has a code. */
  syscall(capability: string, method: string, args: string, callId: string | null): Promise<string>;
  log(level: number, text: string): void;
  /** Told once; nothing answers after it. */
  ended(end: GuestEnd): void;
  /** The engine lost control of the isolate: this process cannot be used any more. Told after `ended`. */
  catastrophe?(detail: string): void;
}

/** The end of one call. */
export interface GuestAnswer {
  readonly ok: boolean;
  readonly cpuMicros: number;
  /** JSON text: the value, or an `ErrorEnvelope`. */
  readonly payload: string;
}

/** One isolate with one guest in it, in this process. */
export interface GuestIsolate {
  readonly guest: LoadedGuest;
  /** Capabilities that the guest has used since it was loaded. */
  readonly capabilitiesUsed: ReadonlySet<string>;
  /**
   * Calls an entry. Always answers exactly once, also when the guest never does: at the deadline.
   * @param id of the call; the system calls of the guest name it
   */
  call(id: string, body: CallBody, answer: (answer: GuestAnswer) => void): void;
  /** The caller does not wait any more: it is answered with MF606 at once, unless it was already. */
  cancel(id: string): void;
  /** Resolves when the isolate has run a turn of its own. Rejects when it has ended. */
  ping(): Promise<GuestVitals>;
  vitals(): GuestVitals;
  /** Gives memory back that nothing needs, when nothing runs and something ran since the last time. */
  rest(): Promise<void>;
  /**
   * Ends the isolate. Calls under way are answered with MF601; `ended` is not told. Resolves when nothing of it runs
   * any more, which a long native function can put off.
   */
  dispose(): Promise<void>;
}
