import type { Endpoint } from './endpoint.ts';

/** What a CPU thread must know to open lanes, pushed by the owner. Never a key from which logins derive. */
export interface LaneSnapshot {
  /** Null while the server is down. */
  readonly endpoint: Endpoint | null;
  /** ref → password of its authenticator. */
  readonly projects: readonly (readonly [ref: string, password: string])[];
}

export type LaneDelta =
  | { readonly kind: 'server'; readonly endpoint: Endpoint | null }
  | { readonly kind: 'project-ready'; readonly ref: string; readonly password: string }
  | { readonly kind: 'project-removed'; readonly ref: string };
