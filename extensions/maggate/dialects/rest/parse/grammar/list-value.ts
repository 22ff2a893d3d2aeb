import { blankPadded } from './blank-padded.ts';
import type { Scanner } from './scanner.ts';
import { wholeQuotedValue } from './whole-quoted-value.ts';

/** `(a,"b,c",d)`: what `in.` takes. `()` is one empty value. */
export function listValue(scanner: Scanner): readonly string[] | undefined {
  if (!blankPadded(scanner, '(')) return undefined;
  const values = scanner.separated(element, comma);
  return values !== undefined && blankPadded(scanner, ')') ? values : undefined;
}

function comma(scanner: Scanner): boolean {
  return scanner.character(',');
}

function element(scanner: Scanner): string {
  return scanner.attempt(wholeQuotedValue) ?? scanner.upTo(',)');
}
