import { unparsableQuery } from '../errors/unparsable-query.ts';
import { percentBytes } from './percent-bytes.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Name or value of a query string as text: `+` is a space, an escape that is none stays as it is.
 * @throws RestError PGRST100 when the bytes are not UTF-8
 */
export function decodePart(part: string): string {
  const spaced = part.includes('+') ? part.replaceAll('+', ' ') : part;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // A stray `%`, or bytes that are not UTF-8: only the second is an error.
  }
  try {
    return strictUtf8.decode(percentBytes(spaced));
  } catch {
    throw unparsableQuery('failed to parse query string', '(line 1, column 1)', 'the text is not UTF-8');
  }
}
