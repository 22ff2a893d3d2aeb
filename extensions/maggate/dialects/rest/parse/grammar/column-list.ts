import { blankPadded } from './blank-padded.ts';
import { fieldName } from './field-name.ts';
import type { Scanner } from './scanner.ts';

/** `columns=a,b` and `on_conflict=a,b`. */
export function columnList(scanner: Scanner): readonly string[] | undefined {
  return scanner.separated(fieldName, comma);
}

function comma(scanner: Scanner): boolean {
  return blankPadded(scanner, ',');
}
