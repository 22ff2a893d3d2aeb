import { jwtAlgorithms } from './jwt-algorithm.ts';
import { refuseToken } from './refuse-token.ts';
import type { TokenKey } from './token-key.ts';

/** Longest token that is looked at, in characters. */
const longest = 16_384;

const base64url = /^[A-Za-z0-9_-]+$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The payload of a signed token (RFC 7515, compact form) whose signature one of the keys made. The token chooses among
 * the keys by `kid`, but never what is done with one: a key of another algorithm than the token names is not tried.
 * @returns the payload as text; nothing of it was read
 * @throws MF211
 */
export function openJwt(token: string, keys: readonly TokenKey[]): string {
  if (token === '') throw refuseToken('MF211', 'Empty JWT is sent in Authorization header');
  if (token.length > longest) throw refuseToken('MF211', `JWT has more than ${longest} characters`);
  const parts = token.split('.');
  if (parts.length !== 3) throw refuseToken('MF211', `Expected 3 parts in JWT; got ${parts.length}`);
  const [head = '', payload = '', signature = ''] = parts;
  const { alg, kid } = readHeader(head);
  if (alg === 'none') {
    throw refuseToken(
      'MF211',
      'Wrong or unsupported encoding algorithm',
      "JWT is unsecured but expected 'alg' was not 'none'",
    );
  }
  if (typeof alg !== 'string' || !Object.hasOwn(jwtAlgorithms, alg)) throw broken();
  if (!base64url.test(payload) || !base64url.test(signature)) throw broken();
  // A key without a name may be the one that is meant; the signature tells.
  const suitable = keys.filter(
    (key) => key.algorithm === alg && (kid === undefined || key.kid === undefined || key.kid === kid),
  );
  if (suitable.length === 0) throw unsuitable('No suitable key was found to decode the JWT');
  const signed = Buffer.from(token.slice(0, head.length + 1 + payload.length));
  const proof = Buffer.from(signature, 'base64url');
  if (!suitable.some(({ algorithm, key }) => jwtAlgorithms[algorithm](signed, proof, key))) {
    throw unsuitable('None of the keys was able to decode the JWT');
  }
  try {
    return utf8.decode(Buffer.from(payload, 'base64url'));
  } catch {
    throw refuseToken('MF212', 'Parsing claims failed');
  }
}

function readHeader(head: string): { readonly alg: unknown; readonly kid: unknown } {
  let header: unknown;
  try {
    if (base64url.test(head)) header = JSON.parse(utf8.decode(Buffer.from(head, 'base64url')));
  } catch {
    // Answered below, as anything that is no header.
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw broken();
  // RFC 7515 §4.1.11: an extension that is critical and not understood. None is understood here.
  if (Object.hasOwn(header, 'crit')) throw broken();
  const { alg, kid } = header as { readonly alg?: unknown; readonly kid?: unknown };
  return { alg, kid };
}

function broken(): Error {
  return refuseToken('MF211', 'JWT cryptographic operation failed');
}

function unsuitable(details: string): Error {
  return refuseToken('MF211', 'No suitable key or wrong key type', details);
}
