import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { AuditFact } from '../../runtime/protocol/audit.protocol.ts';
import { canonicalJson } from './canonical-json.ts';
import type { PendingEntry } from './pending-entry.ts';
import { uuidV7 } from './uuid-v7.ts';

const limit = 16_384;

/**
 * Gives a fact its id, its time and its canonical text. Known fields only, so that nothing of a caller's object
 * lands in the trail by accident.
 * @param now milliseconds since the epoch
 * @throws MF699 when the fact is larger than 16 KiB: facts hold digests, not payloads
 */
export function entryOfFact(fact: AuditFact, now: number = Date.now()): PendingEntry {
  const id = uuidV7(now);
  const entry = canonicalJson({
    v: 1,
    id,
    at: new Date(now).toISOString(),
    kind: fact.kind,
    project: fact.project,
    action: fact.action,
    actor: fact.actor,
    address: fact.address,
    requestId: fact.requestId,
    target: fact.target,
    digest: fact.digest,
    details: fact.details,
  });
  if (Buffer.byteLength(entry) > limit) {
    throw new MagFlockError('MF699', `audit fact ${fact.action} is over ${limit} bytes; hand in a digest`);
  }
  return { id, kind: fact.kind, entry };
}
