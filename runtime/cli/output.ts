import { styleText } from 'node:util';
import { renderTable } from './render-table.ts';

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly stdout?: NodeJS.WriteStream;
  readonly stderr?: NodeJS.WriteStream;
}

type Format = Parameters<typeof styleText>[0];

/** Where a command's words go: data to stdout, talk to stderr, so that pipes get data only. */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  #progressShown = false;
  #progressAt = 0;

  constructor(options: OutputOptions) {
    this.json = options.json;
    this.quiet = options.quiet;
    this.verbose = options.verbose;
    this.stdout = options.stdout ?? process.stdout;
    this.stderr = options.stderr ?? process.stderr;
  }

  /** A line of data. */
  data(text: string): void {
    this.#clearProgress();
    this.stdout.write(`${text}\n`);
  }

  /** One JSON document, on one line. */
  document(value: unknown): void {
    this.data(JSON.stringify(value));
  }

  /** Rows under headings, as data. */
  table(headings: readonly string[], rows: readonly (readonly string[])[]): void {
    const style = (text: string): string => this.style('bold', text);
    this.data(renderTable(headings, rows, { columns: this.stdout.columns, styleHeading: style }));
  }

  /** A line for people; silent with --quiet. */
  talk(text: string): void {
    if (this.quiet) return;
    this.#clearProgress();
    this.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    this.#clearProgress();
    const [first, ...more] = text.split('\n');
    const label = styleText(['bold', 'yellow'], 'warning', { stream: this.stderr });
    this.stderr.write(`${[`${label}: ${first}`, ...more.map((line) => `         ${line}`)].join('\n')}\n`);
  }

  /** A line that the next one replaces on a terminal; elsewhere one line every two seconds. */
  progress(text: string): void {
    if (this.quiet || this.json) return;
    if (this.stderr.isTTY) {
      this.stderr.write(`\r\u001b[2K${text.slice(0, (this.stderr.columns || 80) - 1)}`);
      this.#progressShown = true;
      return;
    }
    if (Date.now() - this.#progressAt < 2000) return;
    this.#progressAt = Date.now();
    this.stderr.write(`${text}\n`);
  }

  /** Styled for stdout: NO_COLOR, FORCE_COLOR, TERM=dumb and pipes are respected by Node. */
  style(format: Format, text: string): string {
    return styleText(format, text, { stream: this.stdout });
  }

  #clearProgress(): void {
    if (!this.#progressShown) return;
    this.#progressShown = false;
    this.stderr.write('\r\u001b[2K');
  }
}
