import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from 'node:crypto';

// PKCS#8 of an Ed25519 private key up to the 32 bytes of its seed (RFC 8410 §7).
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key pair (RFC 8032) of which only the public half can be taken out. */
export class SigningKey {
  readonly #privateKey: KeyObject;
  readonly keyId: string;
  readonly publicKeyPem: string;

  /**
   * The same seed and purpose give the same key, so nothing has to be stored.
   * @param seedHex the `signatures` key material, 32 bytes as hex
   * @param purpose one key per purpose: a signature of one can never stand for another
   */
  constructor(seedHex: string, purpose: string) {
    const info = `magflock/ed25519/${purpose}/1`;
    const seed = Buffer.from(hkdfSync('sha256', Buffer.from(seedHex, 'hex'), '', info, 32));
    const der = Buffer.concat([pkcs8Prefix, seed]);
    this.#privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    seed.fill(0);
    der.fill(0);
    const publicKey = createPublicKey(this.#privateKey);
    this.publicKeyPem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    this.keyId = `ed25519-${createHash('sha256').update(spki).digest('base64url').slice(0, 22)}`;
  }

  /** @returns base64url */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#privateKey).toString('base64url');
  }
}
