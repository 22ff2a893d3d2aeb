/**
 * The bearer of a request (RFC 6750 §2.1). Any other scheme is none of ours, as in PostgREST.
 * @returns undefined when there is none; empty when the scheme stands alone
 */
export function bearerOf(headers: Readonly<Record<string, string>>): string | undefined {
  const match = /^bearer(?:\s+(.*))?$/is.exec(headers['authorization']?.trim() ?? '');
  return match === null ? undefined : (match[1] ?? '');
}
