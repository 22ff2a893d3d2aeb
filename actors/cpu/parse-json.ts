import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { JsonText } from '../../runtime/protocol/json-text.ts';

/** Deeper documents are refused: nobody writes rows that deep, and recursion costs stack. */
const maxDepth = 64;

const simpleEscapes = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const fourHexDigits = /^[0-9a-fA-F]{4}$/;

const quote = 34;
const backslash = 92;

/**
 * Parses JSON strictly (RFC 8259) and keeps the source text of every value: numbers lose nothing, and the guard
 * and the writer see the same parse. Refused besides what the RFC refuses: duplicate keys (MF102), more than 64
 * levels, and escapes that make half a surrogate pair, which UTF-8 cannot carry (MF101).
 * @param source the whole text
 */
export function parseJson(source: string): JsonText {
  return new Parser(source).document();
}

class Parser {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  document(): JsonText {
    this.#skipWhitespace();
    const value = this.#value();
    this.#skipWhitespace();
    if (this.#at < this.#source.length) throw this.#malformed('nothing more after the value');
    return value;
  }

  #value(): JsonText {
    const code = this.#source.charCodeAt(this.#at);
    switch (code) {
      case 123:
        return this.#object();
      case 91:
        return this.#array();
      case quote:
        return this.#string();
      case 116:
        return this.#literal('true');
      case 102:
        return this.#literal('false');
      case 110:
        return this.#literal('null');
      default:
        return this.#number();
    }
  }

  #object(): JsonText {
    const start = this.#at;
    this.#enter();
    const entries = new Map<string, JsonText>();
    this.#skipWhitespace();
    if (this.#source.charCodeAt(this.#at) === 125) this.#at++;
    else {
      for (;;) {
        const keyAt = this.#at;
        if (this.#source.charCodeAt(keyAt) !== quote) throw this.#malformed('a key in double quotes');
        const key = this.#stringValue();
        this.#skipWhitespace();
        if (this.#source.charCodeAt(this.#at) !== 58) throw this.#malformed('":" after the key');
        this.#at++;
        this.#skipWhitespace();
        const before = entries.size;
        entries.set(key, this.#value());
        if (entries.size === before) throw this.#duplicate(key, keyAt);
        this.#skipWhitespace();
        const next = this.#source.charCodeAt(this.#at);
        if (next !== 44 && next !== 125) throw this.#malformed('"," or "}"');
        this.#at++;
        if (next === 125) break;
        this.#skipWhitespace();
      }
    }
    this.#depth--;
    return { kind: 'object', source: this.#source.slice(start, this.#at), entries };
  }

  #array(): JsonText {
    const start = this.#at;
    this.#enter();
    const items: JsonText[] = [];
    this.#skipWhitespace();
    if (this.#source.charCodeAt(this.#at) === 93) this.#at++;
    else {
      for (;;) {
        items.push(this.#value());
        this.#skipWhitespace();
        const next = this.#source.charCodeAt(this.#at);
        if (next !== 44 && next !== 93) throw this.#malformed('"," or "]"');
        this.#at++;
        if (next === 93) break;
        this.#skipWhitespace();
      }
    }
    this.#depth--;
    return { kind: 'array', source: this.#source.slice(start, this.#at), items };
  }

  #string(): JsonText {
    const start = this.#at;
    const value = this.#stringValue();
    return { kind: 'string', source: this.#source.slice(start, this.#at), value };
  }

  /** Reads a string and steps behind its closing quote. */
  #stringValue(): string {
    const start = this.#at;
    const end = this.#behindPlain(start + 1);
    if (this.#source.charCodeAt(end) === quote) {
      this.#at = end + 1;
      return this.#source.slice(start + 1, end);
    }
    return this.#escapedString(start, end);
  }

  /** The rest of a string from its first backslash (or what is wrong with it) at `special`. */
  #escapedString(start: number, special: number): string {
    const source = this.#source;
    let value = source.slice(start + 1, special);
    let at = special;
    let surrogates = false;
    for (;;) {
      const code = source.charCodeAt(at);
      if (code === quote) break;
      this.#at = at;
      if (Number.isNaN(code)) throw this.#malformed('a closing quote');
      if (code !== backslash) throw this.#malformed('control characters of a string escaped');
      const letter = source[at + 1] as string;
      const simple = simpleEscapes.get(letter);
      let next = at + 2;
      if (simple !== undefined) value += simple;
      else {
        const digits = source.slice(at + 2, at + 6);
        if (letter !== 'u' || !fourHexDigits.test(digits)) throw this.#malformed('a valid escape');
        const unit = Number.parseInt(digits, 16);
        surrogates ||= unit >= 0xd800 && unit <= 0xdfff;
        value += String.fromCharCode(unit);
        next = at + 6;
      }
      at = this.#behindPlain(next);
      value += source.slice(next, at);
    }
    if (surrogates && !value.isWellFormed()) {
      this.#at = start;
      throw this.#malformed('whole surrogate pairs');
    }
    this.#at = at + 1;
    return value;
  }

  /** RFC 8259 §6: minus, integer without leading zeros, fraction, exponent. */
  #number(): JsonText {
    const source = this.#source;
    const start = this.#at;
    if (source.charCodeAt(this.#at) === 45) this.#at++;
    if (source.charCodeAt(this.#at) === 48) this.#at++;
    else this.#digits('a value');
    if (source.charCodeAt(this.#at) === 46) {
      this.#at++;
      this.#digits('a digit after the decimal point');
    }
    const exponent = source.charCodeAt(this.#at);
    if (exponent === 101 || exponent === 69) {
      const sign = source.charCodeAt(++this.#at);
      if (sign === 43 || sign === 45) this.#at++;
      this.#digits('a digit in the exponent');
    }
    return { kind: 'number', source: source.slice(start, this.#at) };
  }

  #digits(expected: string): void {
    const start = this.#at;
    let code = this.#source.charCodeAt(start);
    while (code >= 48 && code <= 57) code = this.#source.charCodeAt(++this.#at);
    if (this.#at === start) throw this.#malformed(expected);
  }

  #literal(word: 'true' | 'false' | 'null'): JsonText {
    if (!this.#source.startsWith(word, this.#at)) throw this.#malformed('a value');
    this.#at += word.length;
    return { kind: word, source: word };
  }

  #enter(): void {
    if (++this.#depth > maxDepth) throw this.#malformed(`at most ${maxDepth} levels`);
    this.#at++;
  }

  #skipWhitespace(): void {
    let code = this.#source.charCodeAt(this.#at);
    while (code === 32 || code === 10 || code === 13 || code === 9)
      code = this.#source.charCodeAt(++this.#at);
  }

  /** Position of the first character from `at` that a string cannot hold as it is: quote, backslash, control, end. */
  #behindPlain(at: number): number {
    const source = this.#source;
    let end = at;
    for (;;) {
      const code = source.charCodeAt(end);
      // The end of the text is NaN, which is not at least 32.
      if (!(code >= 32) || code === quote || code === backslash) return end;
      end++;
    }
  }

  #malformed(expected: string): MagFlockError {
    const place = placeOf(this.#source, this.#at);
    const found =
      this.#at >= this.#source.length
        ? 'the end of the text'
        : JSON.stringify(String.fromCodePoint(this.#source.codePointAt(this.#at) as number));
    return new MagFlockError(
      'MF101',
      `The JSON is malformed at line ${place.line}, column ${place.column}: expected ${expected}, found ${found}.`,
      { details: place },
    );
  }

  #duplicate(key: string, at: number): MagFlockError {
    const place = placeOf(this.#source, at);
    const shown = key.length > 80 ? `${key.slice(0, 80)}…` : key;
    return new MagFlockError(
      'MF102',
      `The key ${JSON.stringify(shown)} appears twice in one object, again at line ${place.line}, column ${place.column}.`,
      { details: { key: shown, ...place } },
    );
  }
}

function placeOf(source: string, at: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: [...before.slice(lineStart)].length + 1 };
}
