import { fieldName } from './field-name.ts';
import type { Scanner } from './scanner.ts';

/** `alias:`, when there is one; two colons are a cast. */
export function aliasBefore(scanner: Scanner): string | undefined {
  return scanner.attempt(aliasAndColon);
}

function aliasAndColon(scanner: Scanner): string | undefined {
  const alias = fieldName(scanner);
  return alias !== undefined && scanner.character(':') && scanner.notBefore(':') ? alias : undefined;
}
