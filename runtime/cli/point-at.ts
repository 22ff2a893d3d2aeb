/**
 * The line of a text that a position is in, with a caret under it, for error messages:
 * ```
 * line 2
 * select * from nowhere
 *               ^
 * ```
 * @param position counted from 1 in characters (code points), as PostgreSQL does
 */
export function pointAt(text: string, position: number): string {
  const before = [...text].slice(0, position - 1).join('');
  const number = before.split('\n').length;
  const start = before.slice(before.lastIndexOf('\n') + 1);
  const line = (text.split('\n')[number - 1] ?? '').replaceAll('\t', ' ');
  // A long line is shown around the place.
  const from = Math.max(0, [...start].length - 60);
  const shown = [...line].slice(from, from + 90).join('');
  return `line ${number}\n${shown.trimEnd()}\n${' '.repeat([...start].length - from)}^`;
}
