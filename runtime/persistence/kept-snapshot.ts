import type { KnownId } from './known-ids.ts';

/** The form of a snapshot as it is kept. */
export interface KeptSnapshot {
  readonly state: unknown;
  readonly known: readonly (readonly [string, KnownId])[];
}
