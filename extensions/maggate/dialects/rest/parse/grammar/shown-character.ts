const controls =
  'NUL SOH STX ETX EOT ENQ ACK a b t n v f r SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

/**
 * A character in quotes as Haskell shows it (Haskell 2010 report, §2.6 and the `Show` class): part of the texts of
 * the dialect's parse errors.
 * @param quote the quotes around it
 */
export function shownCharacter(character: string, quote: '"' | "'"): string {
  return quote + escaped(character, quote) + quote;
}

function escaped(character: string, quote: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\\' || character === quote) return `\\${character}`;
  if (code > 127) return `\\${code}`;
  if (code === 127) return '\\DEL';
  return code < 32 ? `\\${controls[code]}` : character;
}
