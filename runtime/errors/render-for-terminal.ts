import { styleText } from 'node:util';
import type { MagFlockError } from './magflock-error.ts';

/**
 * An error as people read it: what, where, why, how to fix it, where to read more.
 *
 * ```
 * error[MF402]: unknown column "titel" in table "notes"
 *   where  GET /api/notes?titel=milk
 *   why    notes has columns: id, title
 *   fix    did you mean "title"?
 *   more   magflock explain MF402
 * ```
 * `where` and `why` come from the details of that name, `why` else from the cause.
 * @param stream decides about colour (NO_COLOR, FORCE_COLOR, terminal or not)
 */
export function renderForTerminal(error: MagFlockError, stream: NodeJS.WriteStream = process.stderr): string {
  const { where, why, ...facts } = error.details ?? {};
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  const rows: [label: string, text: unknown][] = [
    ['where', where],
    ['why', why ?? (cause === error.message ? undefined : cause)],
    ...Object.entries(facts).map(([name, value]): [string, unknown] => [name, value]),
    ['fix', error.fix],
    ['more', `magflock explain ${error.code}`],
  ];
  const shown = rows.filter(([, text]) => text !== undefined && text !== null && text !== '');
  const width = Math.max(5, ...shown.map(([label]) => label.length));
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    styleText(format, text, { stream });
  const lines = shown.map(([label, text]) => {
    const [first = '', ...more] = harmless(asText(text)).split('\n');
    const indent = ' '.repeat(width + 4);
    return [
      `  ${style('dim', harmless(label).replaceAll('\n', ' ').padEnd(width))}  ${first}`,
      ...more.map((line) => indent + line),
    ].join('\n');
  });
  // Further lines of a message are indented, so that they are never taken for lines of ours.
  const message = harmless(error.message).replaceAll('\n', '\n    ');
  return [`${style(['bold', 'red'], `error[${error.code}]`)}: ${message}`, ...lines].join('\n');
}

/**
 * Words of strangers get into errors: of an extension, a package, a database. What moves the cursor, colours, or turns
 * the direction of text comes out as a dot.
 */
function harmless(text: string): string {
  return text.replace(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (letter) => (letter === '\t' ? ' ' : '·'),
  );
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(asText).join(', ');
  return JSON.stringify(value) ?? String(value);
}
