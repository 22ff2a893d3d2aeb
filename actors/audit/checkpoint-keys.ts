import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { checkpointText, type SignedCheckpoint } from './checkpoint.ts';

/** Checks signatures of checkpoints with the public keys of the PSU. */
export class CheckpointKeys {
  readonly #keys: ReadonlyMap<string, KeyObject>;

  constructor(keys: readonly { readonly keyId: string; readonly publicKeyPem: string }[]) {
    this.#keys = new Map(keys.map(({ keyId, publicKeyPem }) => [keyId, createPublicKey(publicKeyPem)]));
  }

  isAuthentic(signed: SignedCheckpoint): boolean {
    const key = this.#keys.get(signed.keyId);
    if (key === undefined) return false;
    const text = Buffer.from(checkpointText(signed.checkpoint));
    return verify(null, text, key, Buffer.from(signed.signature, 'base64url'));
  }
}
