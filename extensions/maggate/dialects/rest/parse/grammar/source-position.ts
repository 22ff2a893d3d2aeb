/** `(line 1, column 9)`: characters are counted, a tab goes on to the next multiple of 8. */
export function sourcePosition(text: string, offset: number): string {
  let line = 1;
  let column = 1;
  for (const character of text.slice(0, offset)) {
    if (character === '\n') {
      line += 1;
      column = 1;
    } else column += character === '\t' ? 8 - ((column - 1) % 8) : 1;
  }
  return `(line ${line}, column ${column})`;
}
