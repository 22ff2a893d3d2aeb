import { invalidBody } from '../errors/invalid-body.ts';

/** A table of texts; the header is the first line. */
export interface CsvTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface Line {
  readonly fields: readonly string[];
  readonly end: number;
}

const plainField = /[^",\r\n]*/y;

/**
 * Reads CSV (RFC 4180) with any line ends. Empty lines are left out.
 * @throws RestError PGRST102
 */
export function parseCsv(text: string): CsvTable {
  const header = parseLine(text, 0);
  let at = behindLineEnd(text, header.end);
  if (at === undefined) {
    throw malformed(
      header.end === text.length ? 'not enough input' : 'Failed reading: satisfy',
      text,
      header.end,
    );
  }
  const rows: (readonly string[])[] = [];
  for (;;) {
    const line = parseLine(text, at);
    if (line.fields.length > 1 || line.fields[0] !== '') rows.push(line.fields);
    if (line.end === text.length) return { header: header.fields, rows };
    at = behindLineEnd(text, line.end);
    if (at === undefined) throw malformed('endOfInput', text, line.end);
  }
}

function parseLine(text: string, start: number): Line {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const end = text[at] === '"' ? behindQuoted(text, at) : behindPlain(text, at);
    const field = text.slice(at, end);
    fields.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    at = end;
    if (text[at] !== ',') return { fields, end: at };
    at += 1;
  }
}

function behindPlain(text: string, at: number): number {
  plainField.lastIndex = at;
  plainField.test(text);
  return plainField.lastIndex;
}

/** Behind the quote that closes the one at `start`; two of them are one of the text. */
function behindQuoted(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  if (quote === -1) throw malformed('not enough input', text, text.length);
  return quote + 1;
}

function behindLineEnd(text: string, at: number): number | undefined {
  if (text[at] === '\n') return at + 1;
  if (text[at] !== '\r') return undefined;
  return text[at + 1] === '\n' ? at + 2 : at + 1;
}

function malformed(problem: string, text: string, at: number): Error {
  const left = text.slice(at);
  const shown = left.length > 100 ? `${left.slice(0, 100)} (truncated)` : JSON.stringify(left);
  return invalidBody(`parse error (${problem}) at ${shown}`);
}
