import type { PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';

interface FeatureCode {
  readonly magic: number;
  readonly layout: number;
  /** Bytes in front of the buckets. */
  readonly header: number;
  readonly kinds: readonly PatrolModel[];
}

/** Constants of the layout that `encode-features.ts` describes. */
export const featureCode: FeatureCode = {
  magic: 0x4d,
  layout: 1,
  header: 16,
  kinds: ['values', 'statements'],
};
