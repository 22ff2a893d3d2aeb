import type { ChildSpec } from './child-spec.ts';

/** Milliseconds a child gets to init and start, and to stop before it is ended by force. */
export function childBudget(spec: ChildSpec): { readonly startMs: number; readonly stopMs: number } {
  return { startMs: spec.startMs ?? 30_000, stopMs: spec.shutdownMs ?? 5_000 };
}
