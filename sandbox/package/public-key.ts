import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

const prefix = 'ed25519:';
/**
 * Points of small order, and encodings of them that are not canonical (RFC 8032, section 5.1.3): with such a
 * "key" one signature fits many messages. First bytes, middle bytes and last byte without its sign bit.
 */
const weak = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** A publisher's Ed25519 key as text: `ed25519:` and 43 characters of base64url. */
export const publicKey = {
  pattern: '^ed25519:[A-Za-z0-9_-]{43}$',

  /** @throws MF667 when it is none */
  parse(text: string): KeyObject {
    const raw = bytesOf(text);
    return createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
      format: 'jwk',
    });
  },

  text(key: KeyObject): string {
    const { x } = createPublicKey(
      key.type === 'private'
        ? key.export({ format: 'pem', type: 'pkcs8' })
        : key.export({ format: 'pem', type: 'spki' }),
    ).export({ format: 'jwk' });
    return `${prefix}${x}`;
  },

  /**
   * What people compare and revoke: `SHA256:` and base64 of the hash of the 32 bytes, as OpenSSH writes it.
   * @throws MF667 when it is no key
   */
  fingerprint(text: string): string {
    const hash = createHash('sha256').update(bytesOf(text)).digest('base64');
    return `SHA256:${hash.replace(/=+$/, '')}`;
  },
} as const;

function bytesOf(text: string): Buffer {
  const raw = Buffer.from(text.slice(prefix.length), 'base64url');
  if (!text.startsWith(prefix) || raw.length !== 32 || `${prefix}${raw.toString('base64url')}` !== text) {
    throw notAKey('it is not ed25519: and 43 characters');
  }
  const plain = Buffer.from(raw);
  plain[31]! &= 0x7f;
  if (weak.has(plain.toString('hex'))) throw notAKey('it is one of the weak points of the curve');
  return raw;
}

function notAKey(why: string): MagFlockError {
  return new MagFlockError('MF667', `This is no public key of a publisher: ${why}.`, {
    fix: 'magflock ext keygen shows the public key of a new pair',
  });
}
