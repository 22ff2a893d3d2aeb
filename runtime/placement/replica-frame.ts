import type { ErrorEnvelope } from '../errors/error-envelope.ts';

/** What owner and replica say to each other. `incarnation` is the owner's; frames of another one are ignored. */
export type ReplicaFrame =
  /** Replica → owner: send me everything, then every change. */
  | { readonly kind: 'subscribe'; readonly owner: string; readonly incarnation: number }
  | {
      readonly kind: 'snapshot';
      readonly owner: string;
      readonly incarnation: number;
      /** Deltas up to this version are in it. */
      readonly version: number;
      readonly data: unknown;
    }
  | {
      readonly kind: 'no-snapshot';
      readonly owner: string;
      readonly incarnation: number;
      readonly error: ErrorEnvelope;
    }
  | {
      readonly kind: 'delta';
      readonly owner: string;
      readonly incarnation: number;
      readonly version: number;
      readonly data: unknown;
    }
  /** Replica → owner: everything up to this version is applied. */
  | {
      readonly kind: 'applied';
      readonly owner: string;
      readonly incarnation: number;
      readonly version: number;
    };
