import { MagFlockError } from '../../errors/magflock-error.ts';
import type { PackageReview } from '../../protocol/extensions.protocol.ts';
import type { ParsedFlags } from '../parse-command-line.ts';
import { safeText } from './safe-text.ts';

/**
 * Passes when the daemon would take the package, so that nobody is asked for nothing.
 * @throws MF668 with what is in the way, MF667 without a signature that counts
 */
export function demandPackage(review: PackageReview, flags: ParsedFlags): void {
  const refused = review.signature === 'modified' || review.signature === 'revoked';
  if (review.obstacles.length > 0 || refused) {
    const why = review.obstacles.map((text) => safeText(text, 600)).join('; ') || `it is ${review.signature}`;
    throw new MagFlockError(refused ? 'MF667' : 'MF668', `${safeText(review.id)} is not taken: ${why}`);
  }
  if (review.signature === 'unsigned' && !flags.has('allow-unsigned')) {
    throw new MagFlockError('MF667', `nobody you trust has signed ${safeText(review.id)}`, {
      fix: `magflock ext trust ${safeText(review.publisher)} <key>, or --allow-unsigned to let it in as it is`,
    });
  }
}
