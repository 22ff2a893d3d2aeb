import { constants, createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto';

/** Signature algorithms of tokens (RFC 7518 §3.1, RFC 8037 §3.1). */
export type JwtAlgorithm = `${'HS' | 'RS' | 'PS' | 'ES'}${'256' | '384' | '512'}` | 'EdDSA';

/** Says whether a signature is right. One function for each algorithm: none looks at what the token says of itself. */
export const jwtAlgorithms: Readonly<
  Record<JwtAlgorithm, (signed: Buffer, signature: Buffer, key: KeyObject) => boolean>
> = {
  HS256: hmac('sha256'),
  HS384: hmac('sha384'),
  HS512: hmac('sha512'),
  RS256: rsa('sha256'),
  RS384: rsa('sha384'),
  RS512: rsa('sha512'),
  PS256: pss('sha256', 32),
  PS384: pss('sha384', 48),
  PS512: pss('sha512', 64),
  ES256: ecdsa('sha256'),
  ES384: ecdsa('sha384'),
  ES512: ecdsa('sha512'),
  EdDSA: (signed, signature, key) => verify(null, signed, key, signature),
};

function hmac(digest: string) {
  return (signed: Buffer, signature: Buffer, key: KeyObject): boolean => {
    const expected = createHmac(digest, key).update(signed).digest();
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  };
}

function rsa(digest: string) {
  return (signed: Buffer, signature: Buffer, key: KeyObject): boolean =>
    verify(digest, signed, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
}

function pss(digest: string, saltLength: number) {
  return (signed: Buffer, signature: Buffer, key: KeyObject): boolean =>
    verify(digest, signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);
}

function ecdsa(digest: string) {
  return (signed: Buffer, signature: Buffer, key: KeyObject): boolean =>
    verify(digest, signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
