import type { Scanner } from './scanner.ts';

/**
 * A name of ASCII letters, digits and `_` with nothing after it. Undefined with nothing taken where there is more to
 * it, for the whole grammar to read.
 * @param stops the characters that may follow, besides the end
 */
export function plainName(scanner: Scanner, stops: string): string | undefined {
  const { text, at } = scanner;
  let end = at;
  while (isPlain(text.charCodeAt(end))) end += 1;
  if (end === at || (end < text.length && !stops.includes(text[end] as string))) return undefined;
  scanner.at = end;
  return text.slice(at, end);
}

function isPlain(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
  );
}
