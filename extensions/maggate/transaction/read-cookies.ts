/** Cookies of a `Cookie` header (RFC 6265 §4.2.1) by name; of several of one name the last. */
export function readCookies(header: string): Record<string, string> {
  const cookies = header.split(';').flatMap((pair) => {
    const text = pair.trim();
    if (text === '') return [];
    const equals = text.indexOf('=');
    return [equals === -1 ? [text, ''] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]];
  });
  return Object.fromEntries(cookies) as Record<string, string>;
}
