import type { KeyObject } from 'node:crypto';
import type { JwtAlgorithm } from './jwt-algorithm.ts';

/** A key that tokens are verified with, and the one algorithm it is for (RFC 8725 §3.1). */
export interface TokenKey {
  readonly algorithm: JwtAlgorithm;
  /** A token that names a key is tried with that one only; undefined for a key without a name. */
  readonly kid: string | undefined;
  readonly key: KeyObject;
}
