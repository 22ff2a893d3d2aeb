import type { PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import type { Features } from '../learning/features.ts';
import { extractorOf } from './extractor-of.ts';

const made = new Map<PatrolModel, Features>();

/** A window as a model reads it, to try models with and to tell how many statistics it has. */
export function sampleWindow(kind: PatrolModel): Features {
  const window = made.get(kind) ?? extractorOf(kind).extract("select a from b where c = 'd' -- e")[0]!;
  made.set(kind, window);
  return window;
}
