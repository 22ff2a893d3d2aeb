import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** What is stored of a secret. */
export interface SealedSecret {
  readonly nonce: Buffer;
  /** Ciphertext, then the tag. */
  readonly sealed: Buffer;
}

/** Seals and opens secrets: AES-256-GCM (NIST SP 800-38D) with a key for each project, made with HKDF (RFC 5869). */
export class SecretBox {
  readonly #key: Buffer;

  /** @param keyHex the `secrets` key material, 32 bytes as hex */
  constructor(keyHex: string) {
    this.#key = Buffer.from(keyHex, 'hex');
    if (this.#key.length !== 32) throw new TypeError('the key for secrets must be 64 hex digits');
  }

  seal(project: string, name: string, value: string): SealedSecret {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#keyOf(project), nonce).setAAD(place(project, name));
    const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return { nonce, sealed };
  }

  /** @throws Error when it was not sealed with this key, for this project and name, or was changed since */
  open(project: string, name: string, { nonce, sealed }: SealedSecret): string {
    const end = sealed.length - tagBytes;
    const options = { authTagLength: tagBytes };
    const decipher = createDecipheriv(algorithm, this.#keyOf(project), nonce, options)
      .setAAD(place(project, name))
      .setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]).toString('utf8');
  }

  #keyOf(project: string): KeyObject {
    const bytes = Buffer.from(hkdfSync('sha256', this.#key, '', `magflock/secrets/${project}/1`, 32));
    const key = createSecretKey(bytes);
    bytes.fill(0);
    return key;
  }
}

/** Neither part can hold a zero byte, so no two places have one text. */
function place(project: string, name: string): Buffer {
  return Buffer.from(`${project}\0${name}`);
}
