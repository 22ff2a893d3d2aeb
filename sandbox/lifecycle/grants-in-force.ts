import type { Grant } from '../../runtime/protocol/extensions.protocol.ts';

/**
 * The grants that have not expired.
 * @param now milliseconds since the epoch
 */
export function grantsInForce(grants: readonly Grant[], now: number): readonly Grant[] {
  return grants.filter(({ expiresAt }) => expiresAt === undefined || Date.parse(expiresAt) > now);
}
