import { malformed } from '../../../parse/malformed.ts';

/** Reads the value of one option from left to right; what does not fit is told with the whole option. */
export class OptionReader {
  readonly #option: string;
  readonly #text: string;
  readonly #example: string;
  #at = 0;

  /** @param example what to write, for the error */
  constructor(option: string, text: string, example: string) {
    this.#option = option;
    this.#text = text;
    this.#example = example;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Whether this text comes next. */
  at(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  /** Skips this text when it comes next. */
  take(text: string): boolean {
    if (!this.at(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** @throws MF405 */
  expect(text: string): void {
    if (!this.take(text)) throw this.fault(`expected ${text}`);
  }

  /**
   * The text up to one of these characters or the end; in double quotes anything, with `\` before what is meant as it
   * is.
   * @throws MF405 for a quote that is not closed
   */
  word(ends: string): { readonly text: string; readonly quoted: boolean } {
    if (this.take('"')) return { text: this.#quoted(), quoted: true };
    const from = this.#at;
    while (!this.done && !ends.includes(this.#text[this.#at]!)) this.#at += 1;
    return { text: this.#text.slice(from, this.#at), quoted: false };
  }

  /** What the option has from here to where its parenthesis closes; quotes may hold parentheses. */
  inner(): string {
    const from = this.#at;
    let depth = 1;
    while (!this.done) {
      const letter = this.#text[this.#at];
      if (letter === '"') {
        this.#at += 1;
        this.#quoted();
        continue;
      }
      if (letter === '(') depth += 1;
      else if (letter === ')') depth -= 1;
      if (depth === 0) return this.#text.slice(from, this.#at);
      this.#at += 1;
    }
    throw this.fault('a parenthesis is not closed');
  }

  /** The error for what comes next. */
  fault(problem: string): Error {
    const place = this.done ? 'at the end' : `before "${this.#text.slice(this.#at, this.#at + 20)}"`;
    return malformed(
      this.#option,
      `${this.#option}=${this.#text} cannot be read ${place}: ${problem}.`,
      this.#example,
    );
  }

  #quoted(): string {
    let text = '';
    while (!this.done && this.#text[this.#at] !== '"') {
      if (this.#text[this.#at] === '\\') this.#at += 1;
      text += this.#text[this.#at] ?? '';
      this.#at += 1;
    }
    if (!this.take('"')) throw this.fault('a quote is not closed');
    return text;
  }
}
