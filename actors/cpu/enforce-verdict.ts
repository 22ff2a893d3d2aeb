import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Verdict } from '../../runtime/protocol/sentinel.protocol.ts';

/**
 * Refuses what the guard refuses.
 * @param extension whose hook made the request what it is
 * @throws MF301 an attack, MF303 too many requests that look a little like one, MF304 not judged; each says what to
 * quote or how long to wait
 */
export function enforceVerdict(verdict: Verdict, extension?: string): void {
  const { action, incident } = verdict;
  const named = extension === undefined ? {} : { extension };
  if (action === 'block' || action === 'escalate') {
    throw new MagFlockError('MF301', `The request was blocked; the incident is ${incident}.`, {
      details: { incident, ...named },
    });
  }
  if (verdict.unjudged !== undefined) {
    throw new MagFlockError('MF304', `The request could not be judged (${verdict.unjudged}).`, {
      details: { reason: verdict.unjudged, retryAfterSeconds: 1, ...named },
    });
  }
  if (verdict.retryAfter !== undefined) {
    throw new MagFlockError(
      'MF303',
      `Too many requests that look a little like attacks; the incident is ${incident}.`,
      { details: { incident, retryAfterSeconds: verdict.retryAfter, ...named } },
    );
  }
}
