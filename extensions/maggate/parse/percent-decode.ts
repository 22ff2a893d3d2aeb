/**
 * Undoes percent-encoding (RFC 3986 §2.1).
 * @param plus true in a query, where `+` is a space (application/x-www-form-urlencoded)
 * @returns undefined when an escape is malformed or the bytes are not UTF-8
 */
export function percentDecode(text: string, plus: boolean): string | undefined {
  const spaced = plus && text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}
