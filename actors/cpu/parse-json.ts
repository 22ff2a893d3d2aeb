import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { JsonText } from '../../runtime/protocol/json-text.ts';

/** Deeper documents are refused: nobody writes rows that deep, and recursion costs stack. */
const maxDepth = 64;

const whitespace = /[\t\n\r ]*/y;
/** RFC 8259 §6. */
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** What a string may hold without an escape: no quote, no backslash, no control character. */
const plainCharacters = /[^"\\\x00-\x1f]*/y;

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
        if (entries.has(key)) throw this.#duplicate(key, keyAt);
        this.#skipWhitespace();
        if (this.#source.charCodeAt(this.#at) !== 58) throw this.#malformed('":" after the key');
        this.#at++;
        this.#skipWhitespace();
        entries.set(key, this.#value());
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
    const end = this.#behind(plainCharacters, start + 1);
    if (this.#source.charCodeAt(end) === quote) {
      this.#at = end + 1;
      return this.#source.slice(start + 1, end);
    }
    return this.#escapedString(start, end);
  }

  /** The seldom way: finds the end, then lets the engine decode the escapes, which it does exactly by the RFC. */
  #escapedString(start: number, firstSpecial: number): string {
    let at = firstSpecial;
    for (;;) {
      const code = this.#source.charCodeAt(at);
      if (code === quote) break;
      this.#at = at;
      if (Number.isNaN(code)) throw this.#malformed('a closing quote');
      if (code !== backslash) throw this.#malformed('control characters of a string escaped');
      if (!isEscape(this.#source, at)) throw this.#malformed('a valid escape');
      at = this.#behind(plainCharacters, at + 2);
    }
    const value = JSON.parse(this.#source.slice(start, at + 1)) as string;
    this.#at = start;
    if (!value.isWellFormed()) throw this.#malformed('whole surrogate pairs');
    this.#at = at + 1;
    return value;
  }

  #number(): JsonText {
    const start = this.#at;
    const end = this.#behind(number, start);
    if (end === start) throw this.#malformed('a value');
    this.#at = end;
    const next = this.#source.charCodeAt(end);
    // 01, 1.e5, 1x: the number ended where no number may end.
    if ((next >= 48 && next <= 57) || next === 46) throw this.#malformed('a number as JSON writes them');
    return { kind: 'number', source: this.#source.slice(start, end) };
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
    const code = this.#source.charCodeAt(this.#at);
    if (code > 32 || Number.isNaN(code)) return;
    this.#at = this.#behind(whitespace, this.#at);
  }

  /** Position behind what a sticky pattern that may match nothing matches at `from`; `from` when it does not match. */
  #behind(pattern: RegExp, from: number): number {
    pattern.lastIndex = from;
    return pattern.test(this.#source) ? pattern.lastIndex : from;
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

function isEscape(source: string, at: number): boolean {
  const letter = source[at + 1];
  if (letter === 'u') return /^[0-9a-fA-F]{4}$/.test(source.slice(at + 2, at + 6));
  return letter !== undefined && '"\\/bfnrt'.includes(letter);
}

function placeOf(source: string, at: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: [...before.slice(lineStart)].length + 1 };
}
