import type { Scanner } from './scanner.ts';

/** `"…"`; a backslash takes the next character as it is. */
export function quotedValue(scanner: Scanner): string | undefined {
  if (!scanner.character('"')) return undefined;
  let value = '';
  for (;;) {
    value += scanner.upTo('\\"');
    if (!scanner.character('\\')) return scanner.character('"') ? value : undefined;
    const escaped = scanner.any();
    if (escaped === undefined) return undefined;
    value += escaped;
  }
}
