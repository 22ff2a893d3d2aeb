/**
 * The key of a request. Order of precedence: `X-API-Key`, `apikey`, `Authorization: Bearer`. The first that is
 * there counts, also when it is wrong: falling through to the next would let a second header override a first.
 * @param headers lower-case names
 * @returns undefined when there is none
 */
export function presentedKey(headers: Readonly<Record<string, string>>): string | undefined {
  const direct = headers['x-api-key'] || headers['apikey'];
  if (direct) return direct.trim();
  const authorization = headers['authorization'];
  if (authorization === undefined) return undefined;
  // RFC 9110 §11.1: the scheme is case-insensitive.
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1];
}
