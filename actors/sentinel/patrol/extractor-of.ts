import type { PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import { FeatureExtractor } from '../learning/feature-extractor.ts';

const made = new Map<PatrolModel, FeatureExtractor>();

/** The reader of this thread; it reads a text at once, so judgements may overlap. */
export function extractorOf(kind: PatrolModel): FeatureExtractor {
  const extractor = made.get(kind) ?? new FeatureExtractor(kind);
  made.set(kind, extractor);
  return extractor;
}
