import { createHmac } from 'node:crypto';
import type { Identity } from '../../../../../runtime/protocol/identity.protocol.ts';
import type { OnceRequest } from '../../../../../runtime/protocol/storage.protocol.ts';

/** What a write that is done once is known by in the database: two digests, in PostgreSQL's hex format of bytea. */
export interface OnceKey {
  readonly key: string;
  readonly request: string;
}

/**
 * Binds a request to who asks. Knowing the digest is what gives access to a kept answer, so it is made with a secret
 * that no SQL can reach.
 * @param secret password of the project's login, which only the daemon knows
 */
export function onceKey(secret: string, identity: Identity, { key, digest }: OnceRequest): OnceKey {
  const mac = (purpose: string, text: string): string =>
    `\\x${createHmac('sha256', secret)
      .update(
        JSON.stringify([
          `magflock/idempotency/${purpose}/1`,
          identity.project,
          identity.role,
          identity.keyId,
          text,
        ]),
      )
      .digest('hex')}`;
  return { key: mac('key', key), request: mac('request', digest) };
}
