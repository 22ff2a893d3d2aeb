import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { publicKey } from '../package/public-key.ts';
import { type Publishers, publisherStore } from '../package/publisher-store.ts';
import { type Revocation, revocationList } from '../package/revocation-list.ts';
import type { RotationStatement } from '../package/rotation-statement.ts';

/** Whose signatures count here and what is out of circulation: in memory, and in its files before a change answers. */
export interface TrustStore {
  readonly publishers: Publishers;
  readonly revoked: readonly Revocation[];
  /** @returns the fingerprint. Throws MF667 for a name or key that cannot be one, or a key that was revoked. */
  trust(publisher: string, key: string): string;
  /** Throws MF665. */
  distrust(publisher: string): void;
  rotate(rotations: readonly RotationStatement[]): void;
  revoke(what: { readonly fingerprint?: string; readonly sha256?: string; readonly reason: string }): void;
}

/**
 * Opens both files.
 * @param folder `<dataDir>/extensions`
 * @param now milliseconds since the epoch
 * @throws MF705 when one is damaged
 */
export function openTrustStore(folder: string, now: () => number): TrustStore {
  let publishers = publisherStore.read(folder);
  let revoked = revocationList.read(folder);
  const at = (): string => new Date(now()).toISOString();
  const keep = (next: Publishers): void => {
    if (next === publishers) return;
    publisherStore.write(folder, next);
    publishers = next;
  };
  return {
    get publishers() {
      return publishers;
    },
    get revoked() {
      return revoked;
    },
    trust(publisher, key) {
      const fingerprint = publicKey.fingerprint(key);
      if (revoked.some((one) => 'fingerprint' in one && one.fingerprint === fingerprint))
        throw new MagFlockError('MF667', `The key ${fingerprint} was revoked.`);
      keep(publisherStore.trust(publishers, publisher, key, at()));
      return fingerprint;
    },
    distrust(publisher) {
      if (!Object.hasOwn(publishers, publisher))
        throw new MagFlockError('MF665', `No publisher "${publisher}" is trusted here.`);
      keep(publisherStore.distrust(publishers, publisher));
    },
    rotate(rotations) {
      if (rotations.length > 0) keep(publisherStore.rotate(publishers, rotations, at()));
    },
    revoke({ fingerprint, sha256, reason }) {
      const next = [
        ...revoked,
        ...(fingerprint === undefined ? [] : [{ fingerprint, reason, at: at() }]),
        ...(sha256 === undefined ? [] : [{ sha256, reason, at: at() }]),
      ];
      if (next.length === revoked.length) {
        throw new MagFlockError(
          'MF667',
          'A revocation names the fingerprint of a key or the SHA-256 of a package.',
        );
      }
      revocationList.write(folder, next);
      revoked = next;
    },
  };
}
