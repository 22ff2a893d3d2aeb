import type { Surface } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { Match } from '../signatures/signature-set.ts';
import { isHarmless } from './is-harmless.ts';
import { isPlain } from './is-plain.ts';
import type { SqlGuard } from './sql-guard.ts';
import { thresholds } from './thresholds.ts';

/** What is known of a value without a model. */
export interface InspectedValue {
  /** The worst signature, with its score on this surface. */
  readonly match: Match;
  /** Neither settled by a signature nor plainly harmless, nor a plain sentence. */
  readonly needsModel: boolean;
}

const harmless: InspectedValue = Object.freeze({
  match: Object.freeze({ score: 0, signature: undefined }),
  needsModel: false,
});

/**
 * All that is found out about one value without a model; the scoring tool judges by it, too.
 * @param guard holds scratch memory and a cache of what it found; the answer depends on text and surface alone
 * @param text as the application reads it: without the encoding of a URL (`decode-transport.ts`), decoded in a body
 */
export function inspectValue(guard: SqlGuard, text: string, surface: Surface): InspectedValue {
  if (isHarmless(text)) return harmless;
  const match = guard.inspect(text, surface);
  if (match.score >= thresholds[surface].block) return { match, needsModel: false };
  return { match, needsModel: match.signature !== undefined || !isPlain(text) };
}
