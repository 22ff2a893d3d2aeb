import type { ChainLink } from './chain-link.ts';

/** A row of `cp_audit.entries`. */
export interface SealedRow extends ChainLink {
  readonly id: string;
  readonly kind: string;
  readonly hash: string;
  readonly seal: string;
}
