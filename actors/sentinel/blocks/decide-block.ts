import type { Incident } from '../../../runtime/protocol/sentinel.protocol.ts';

/** A blocked incident of one caller that was unlike the others. */
export interface Offence {
  /** SHA-256 of the value. */
  readonly digest: string;
  /** Id of the incident. */
  readonly incident: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface BlockRules {
  /** Distinct incidents that lead to a block; 0: never. */
  readonly after: number;
  /** Length of the first block. */
  readonly seconds: number;
}

export interface BlockDecision {
  /** What is remembered of the caller from now on. */
  readonly offences: readonly Offence[];
  /** Length of the block that is due now; null for none. */
  readonly seconds: number | null;
}

/** Incidents further apart do not add up. */
const withinMs = 10 * 60_000;
/** A block this soon after the end of the last one is twice as long. */
const memoryMs = 24 * 3_600_000;
const longestSeconds = 7 * 24 * 3_600;

/**
 * Whether an incident leads to a block of its caller: the last of so many distinct values (by digest) that were
 * blocked within ten minutes. What a page can make a browser send does not count (`counts`), nor does what an incident
 * holds back (`suppressed`): nobody compared its digests.
 * @param offences of this caller so far
 * @param former the last block of this caller: when it ended (milliseconds since the epoch) and how long it was
 * @param now milliseconds since the epoch
 */
export function decideBlock(
  incident: Incident,
  offences: readonly Offence[],
  former: { readonly until: number; readonly seconds: number } | undefined,
  rules: BlockRules,
  now: number,
): BlockDecision {
  const recent = offences.filter(({ at }) => now - at < withinMs);
  const grave = incident.action === 'block' || incident.action === 'escalate';
  if (!grave || !incident.counts || rules.after === 0) return { offences: recent, seconds: null };
  if (recent.some(({ digest }) => digest === incident.digest)) return { offences: recent, seconds: null };
  const all = [...recent, { digest: incident.digest, incident: incident.id, at: now }];
  if (all.length < rules.after) return { offences: all, seconds: null };
  const again = former !== undefined && now - former.until < memoryMs;
  const seconds = again ? Math.max(rules.seconds, former.seconds * 2) : rules.seconds;
  return { offences: all, seconds: Math.min(seconds, longestSeconds) };
}
