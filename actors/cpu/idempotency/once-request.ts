import { createHash } from 'node:crypto';
import type { OnceRequest } from '../../../runtime/protocol/storage.protocol.ts';
import type { Exchange } from '../exchange.ts';
import { readIdempotencyKey } from './read-idempotency-key.ts';

/** Headers that make another request of it: what was asked for, how the body is read, what has to be true. */
const meant = [
  ...['accept', 'accept-profile', 'content-profile', 'content-type', 'if-match', 'prefer', 'range'],
] as const;

/**
 * A write that is to be done once (draft-ietf-httpapi-idempotency-key-header). The digest is of the request as its caller
 * sent it, before any hook changed it.
 * @returns undefined without the header
 * @throws MF100 for a malformed key
 */
export function onceRequest({ context, bytes }: Exchange): OnceRequest | undefined {
  const { headers, method, path, query, body } = context;
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = JSON.stringify([method, path, readIdempotencyKey(header)]);
  const said = JSON.stringify([query, ...meant.map((name) => headers[name] ?? null)]);
  const digest = createHash('sha256')
    .update(said)
    .update('\0')
    .update(bytes ?? body ?? '')
    .digest('hex');
  return { key, digest };
}
