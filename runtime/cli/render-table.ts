import { stripVTControlCharacters } from 'node:util';

export interface TableOptions {
  /** Width of the terminal; undefined when there is none, then nothing is cut. */
  readonly columns?: number | undefined;
  readonly styleHeading?: (text: string) => string;
}

const gap = '  ';

/**
 * Rows under headings. On a terminal the widest column gives way until the line fits, so that a table
 * never wraps; what is cut ends in `…`.
 */
export function renderTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const cells = rows.map((row) => headings.map((_, index) => oneLine(row[index] ?? '')));
  const widths = headings.map((heading, index) =>
    Math.max(width(heading), ...cells.map((row) => width(row[index]!))),
  );
  if (options.columns !== undefined) shrink(widths, options.columns);
  const style = options.styleHeading ?? ((text: string): string => text);
  const line = (row: readonly string[], each: (text: string) => string): string =>
    row
      .map((cell, index) => {
        const shown = cut(cell, widths[index]!);
        const padding = index === row.length - 1 ? '' : ' '.repeat(widths[index]! - width(shown));
        return each(shown) + padding;
      })
      .join(gap)
      .trimEnd();
  return [line(headings, style), ...cells.map((row) => line(row, (text) => text))].join('\n');
}

function shrink(widths: number[], columns: number): void {
  const least = 8;
  let over = widths.reduce((sum, one) => sum + one, 0) + gap.length * (widths.length - 1) - columns;
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= least) return;
    widths[widest]! -= 1;
    over -= 1;
  }
}

function cut(text: string, to: number): string {
  if (width(text) <= to) return text;
  return `${[...stripVTControlCharacters(text)].slice(0, to - 1).join('')}…`;
}

function width(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** A value with line breaks or control characters must not break the table or the terminal. */
function oneLine(text: string): string {
  // Our own colours (SGR sequences) stay.
  return text.replace(/[\u0000-\u001a\u001c-\u001f\u007f]|\u001b(?!\[[\d;]*m)/g, (character) =>
    character === '\n' ? '⏎' : character === '\t' ? ' ' : '·',
  );
}
