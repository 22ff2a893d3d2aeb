import { quotedValue } from './quoted-value.ts';
import type { Scanner } from './scanner.ts';

/** A value that is quoted to its end, at a comma or a closing parenthesis: `"a"b` is none. */
export function wholeQuotedValue(scanner: Scanner): string | undefined {
  const value = quotedValue(scanner);
  return value !== undefined && scanner.beforeOneOf(',)') ? value : undefined;
}
