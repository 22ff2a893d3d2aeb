import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

/** A string of structured fields (RFC 9651 §3.3.3), which is what the draft asks for. */
const quoted = /^"(?<text>(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
/** Without quotes, as most clients send it. A comma would be a header that was sent twice. */
const bare = /^[\x21\x23-\x2b\x2d-\x7e]+$/;
const longest = 255;

/**
 * The key of a header Idempotency-Key. With quotes and without them it is the same key.
 * @throws MF100 for an empty, too long or malformed one
 */
export function readIdempotencyKey(header: string): string {
  const trimmed = header.trim();
  const text = quoted.exec(trimmed)?.groups?.['text']?.replaceAll(/\\(.)/g, '$1');
  const key = text ?? (bare.test(trimmed) ? trimmed : '');
  if (key !== '' && key.length <= longest) return key;
  throw new MagFlockError('MF100', 'The Idempotency-Key is malformed.', {
    fix: `Send one key of 1 to ${longest} printable ASCII characters, for example a UUID.`,
    details: { header: 'Idempotency-Key' },
  });
}
