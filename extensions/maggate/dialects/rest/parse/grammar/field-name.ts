import { quotedOrDashed } from './quoted-or-dashed.ts';
import type { Scanner } from './scanner.ts';

/** Name of a column, relation, alias or hint: plain, with dashes, or quoted. */
export function fieldName(scanner: Scanner): string | undefined {
  return scanner.named('field name (* or [a..z0..9_$])', name);
}

function name(scanner: Scanner): string | undefined {
  return quotedOrDashed(scanner, identifier);
}

function identifier(scanner: Scanner): string | undefined {
  return scanner.identifier();
}
