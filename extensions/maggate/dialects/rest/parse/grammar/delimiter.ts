import type { Scanner } from './scanner.ts';

/** The dot between the parts of a filter, an order or a path. */
export function delimiter(scanner: Scanner): boolean {
  return scanner.named('delimiter (.)', dot);
}

function dot(scanner: Scanner): boolean {
  return scanner.character('.');
}
