import { quotedValue } from './quoted-value.ts';
import type { Rule, Scanner } from './scanner.ts';

/** `"…"`, or parts joined by dashes: `name-with-dashes`. A dash before `>` begins a JSON arrow instead. */
export function quotedOrDashed(scanner: Scanner, part: Rule<string | undefined>): string | undefined {
  const start = scanner.at;
  const quoted = quotedValue(scanner);
  if (quoted !== undefined || scanner.at !== start) return quoted;
  return scanner.separated(part, dash)?.join('-');
}

function dash(scanner: Scanner): boolean {
  return scanner.attempt(dashAlone);
}

function dashAlone(scanner: Scanner): boolean {
  return scanner.character('-') && scanner.notBefore('>');
}
