import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { PatrolModel } from '../../../runtime/protocol/patrol.protocol.ts';
import type { FeedbackEntry } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { Features } from '../learning/features.ts';
import { decodeFeatures } from '../patrol/decode-features.ts';

/** Entries of one address, and of one key, that are used: whoever sends more says nothing new. */
const mostOfOne = 20;
/** Entries that are used, the newest. */
const most = 2_000;

/** A window somebody has spoken about. */
export interface FeedbackExample {
  readonly kind: PatrolModel;
  readonly features: Features;
  readonly attack: boolean;
}

/** What is used of the feedback, and what is not and why. */
export interface FeedbackExamples {
  readonly used: readonly FeedbackExample[];
  /** Counts by reason, in words. */
  readonly left: ReadonlyMap<string, number>;
}

const entrySchema = Type.Object({
  incident: Type.String({ maxLength: 100 }),
  verdict: Type.Union([Type.Literal('false-alarm'), Type.Literal('confirmed')]),
  at: Type.String({ maxLength: 40 }),
  address: Type.String({ maxLength: 100 }),
  keyId: Type.Union([Type.String({ maxLength: 100 }), Type.Null()]),
  features: Type.String({ maxLength: 65_536 }),
  blockedBy: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()])),
});

/**
 * Feedback as examples. The values behind it came from strangers, so nothing is taken on trust: windows are decoded
 * strictly, nobody fills the training alone, and neither what contradicts a signature nor what contradicts other
 * feedback is used.
 */
export function feedbackExamples(entries: readonly FeedbackEntry[]): FeedbackExamples {
  const left = new Map<string, number>();
  const leave = (reason: string): void => void left.set(reason, (left.get(reason) ?? 0) + 1);
  const sound = entries.filter((entry) => Value.Check(entrySchema, entry));
  if (sound.length < entries.length) left.set('not an entry of feedback', entries.length - sound.length);
  const newest = sound.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const verdicts = Map.groupBy(newest, ({ features }) => features);
  const perAddress = new Map<string, number>();
  const perKey = new Map<string, number>();
  const seen = new Set<string>();
  const used: FeedbackExample[] = [];
  for (const entry of newest) {
    const { address, keyId, features: read, verdict } = entry;
    if (verdict === 'false-alarm' && entry.blockedBy != null)
      leave('contradicts a signature that blocked by itself');
    else if (verdicts.get(read)!.some((other) => other.verdict !== verdict))
      leave('contradicts other feedback');
    else if (seen.has(read)) leave('said already');
    else if ((perAddress.get(address) ?? 0) >= mostOfOne) leave(`more than ${mostOfOne} of one address`);
    else if (keyId !== null && (perKey.get(keyId) ?? 0) >= mostOfOne)
      leave(`more than ${mostOfOne} of one key`);
    else if (used.length >= most) leave(`more than ${most}`);
    else {
      try {
        used.push({ ...decodeFeatures(read), attack: verdict === 'confirmed' });
        seen.add(read);
        perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
        if (keyId !== null) perKey.set(keyId, (perKey.get(keyId) ?? 0) + 1);
      } catch (error) {
        leave((error as Error).message);
      }
    }
  }
  return { used, left };
}
