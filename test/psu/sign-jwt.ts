import {
  constants,
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';

export type Header = Readonly<Record<string, unknown>>;

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token as another implementation would make it: nothing of what is tested is used. */
export function signJwt(claims: unknown, key: KeyObject | string, header: Header = { alg: 'HS256' }): string {
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${signatureOf(signed, key, String(header['alg']))}`;
}

function signatureOf(signed: string, key: KeyObject | string, alg: string): string {
  const digest = `sha${alg.slice(2)}`;
  const bytes = Buffer.from(signed);
  if (alg.startsWith('HS')) {
    return createHmac(digest, typeof key === 'string' ? createSecretKey(Buffer.from(key)) : key)
      .update(signed)
      .digest('base64url');
  }
  const object = key as KeyObject;
  if (alg === 'EdDSA') return sign(null, bytes, object).toString('base64url');
  if (alg.startsWith('ES'))
    return sign(digest, bytes, { key: object, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  if (alg.startsWith('PS')) {
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return sign(digest, bytes, {
      key: object,
      padding,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }).toString('base64url');
  }
  return sign(digest, bytes, object).toString('base64url');
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

/** A key pair for each kind of asymmetric algorithm. */
export const pairs = {
  rsa,
  p256: ec('P-256'),
  p384: ec('P-384'),
  p521: ec('P-521'),
  ed25519: generateKeyPairSync('ed25519'),
} as const;

/** The JWK of a public key with further members. */
export function jwkOf(key: KeyObject, more: Readonly<Record<string, unknown>> = {}): object {
  return { ...key.export({ format: 'jwk' }), ...more };
}
