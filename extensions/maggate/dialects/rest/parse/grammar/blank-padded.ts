import type { Scanner } from './scanner.ts';

/** One character with blanks around it. */
export function blankPadded(scanner: Scanner, character: string): boolean {
  scanner.blanks();
  if (!scanner.character(character)) return false;
  scanner.blanks();
  return true;
}
