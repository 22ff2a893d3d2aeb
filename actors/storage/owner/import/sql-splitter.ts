/** A part of an SQL file, in the order of the file. Lines count from 1. */
export type SqlPiece =
  | { readonly kind: 'statement'; readonly text: string; readonly line: number }
  /** A command for psql: `\restrict`, `\connect` …; `inside` when a statement was begun before it. */
  | { readonly kind: 'meta'; readonly text: string; readonly line: number; readonly inside: boolean }
  /** Whole lines that belong to the COPY … FROM stdin before them. */
  | { readonly kind: 'copy-data'; readonly bytes: Buffer; readonly line: number }
  | { readonly kind: 'copy-end' };

type Mode =
  | 'plain'
  | 'string'
  | 'escape-string'
  | 'identifier'
  | 'line-comment'
  | 'block-comment'
  | 'dollar'
  | 'copy';

const NEWLINE = 0x0a;
const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DOLLAR = 0x24;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** What was open when the file ended. */
const unterminated: Partial<Record<Mode, string>> = {
  string: 'a quoted string',
  'escape-string': 'a quoted string',
  identifier: 'a quoted identifier',
  'block-comment': 'a comment',
  dollar: 'a dollar-quoted string',
  copy: 'the data of COPY',
};

/**
 * Splits a stream of SQL into statements as psql does: quotes, dollar quotes, nested comments, parentheses, bodies
 * of `BEGIN ATOMIC … END`, the data of COPY … FROM stdin. Works on bytes, since nothing it looks for is part of a
 * longer UTF-8 character; holds no more than one statement.
 */
export class SqlSplitter {
  #buffer = Buffer.allocUnsafe(1 << 16);
  #end = 0;
  #at = 0;
  /** First byte of the statement; -1 between statements. */
  #start = -1;
  #line = 1;
  #startLine = 1;
  #modeLine = 1;
  #mode: Mode = 'plain';
  #commentDepth = 0;
  #parentheses = 0;
  #atomic = 0;
  #tag: Buffer = Buffer.alloc(0);
  #wordStart = -1;
  #words: string[] = [];
  /** The rest of the line with the COPY statement is no data. */
  #skipLine = false;
  #ended = false;

  /** Takes the next bytes and gives the pieces that are complete. @throws TypeError for bytes that are not UTF-8 */
  *push(chunk: Buffer): Generator<SqlPiece> {
    this.#append(chunk);
    yield* this.#scan();
  }

  /** The end of the file: a last statement may lack its semicolon. @throws SyntaxError when something is open */
  *finish(): Generator<SqlPiece> {
    this.#ended = true;
    yield* this.#scan();
    const open = unterminated[this.#mode];
    if (open !== undefined) throw new SyntaxError(`${open} that begins in line ${this.#modeLine} never ends`);
    this.#endWord(this.#at);
    if (this.#start >= 0) yield this.#statement(this.#at);
  }

  *#scan(): Generator<SqlPiece> {
    while (this.#at < this.#end) {
      if (this.#mode === 'copy') {
        if (!(yield* this.#copyData())) return;
      } else if (this.#mode === 'plain') {
        const piece = this.#plain();
        if (piece === 'more') return;
        if (piece !== undefined) yield piece;
      } else if (!this.#quoted()) {
        return;
      }
    }
  }

  /** One step outside of quotes and comments. `more` when the next bytes decide. */
  #plain(): SqlPiece | 'more' | undefined {
    const byte = this.#buffer[this.#at] as number;
    if (isWord(byte) || (byte === DOLLAR && this.#wordStart >= 0)) {
      if (this.#wordStart < 0) {
        this.#begin();
        this.#wordStart = this.#at;
      }
      this.#at += 1;
      return undefined;
    }
    const next = this.#at + 1 < this.#end ? (this.#buffer[this.#at + 1] as number) : this.#ended ? 0 : -1;
    const opensMore = byte === 0x2d || byte === 0x2f || byte === DOLLAR;
    if (opensMore && next < 0) return 'more';
    const escapes = byte === QUOTE && this.#wordIs('e');
    this.#endWord(this.#at);
    switch (byte) {
      case NEWLINE:
        this.#line += 1;
        this.#at += 1;
        return undefined;
      case 0x20:
      case 0x09:
      case 0x0d:
        this.#at += 1;
        return undefined;
      case QUOTE:
        return this.#enter(escapes ? 'escape-string' : 'string', 1);
      case DOUBLE_QUOTE:
        return this.#enter('identifier', 1);
      case 0x2d: // -
        if (next === 0x2d) return this.#enter('line-comment', 2);
        break;
      case 0x2f: // /
        if (next === 0x2a) {
          this.#commentDepth = 1;
          return this.#enter('block-comment', 2);
        }
        break;
      case DOLLAR:
        return this.#dollar();
      case BACKSLASH:
        return this.#meta();
      case 0x28:
        this.#parentheses += 1;
        break;
      case 0x29:
        this.#parentheses = Math.max(0, this.#parentheses - 1);
        break;
      case 0x3b: // ;
        if (this.#parentheses > 0 || this.#atomic > 0) break;
        this.#at += 1;
        if (this.#start < 0) return undefined; // an empty statement
        return this.#statement(this.#at - 1);
      default:
        break;
    }
    this.#begin();
    this.#at += 1;
    return undefined;
  }

  /** Goes on inside a quote or comment. False when the next bytes decide. */
  #quoted(): boolean {
    const byte = this.#buffer[this.#at] as number;
    const next = this.#at + 1 < this.#end ? (this.#buffer[this.#at + 1] as number) : this.#ended ? 0 : -1;
    let step = 1;
    switch (this.#mode) {
      case 'line-comment':
        if (byte === NEWLINE) this.#mode = 'plain';
        break;
      case 'block-comment':
        if (byte !== 0x2a && byte !== 0x2f) break;
        if (next < 0) return false;
        if (byte === 0x2a && next === 0x2f) {
          this.#commentDepth -= 1;
          step = 2;
        } else if (byte === 0x2f && next === 0x2a) {
          this.#commentDepth += 1;
          step = 2;
        }
        if (this.#commentDepth === 0) this.#mode = 'plain';
        break;
      case 'escape-string':
        if (byte === BACKSLASH) {
          if (next < 0) return false;
          step = 2;
          if (next === NEWLINE) this.#line += 1;
          break;
        }
        // A doubled quote opens the string again at once, with the same rules: nothing is lost.
        if (byte === QUOTE) {
          if (next < 0) return false;
          if (next === QUOTE) step = 2;
          else this.#mode = 'plain';
        }
        break;
      case 'string':
        if (byte === QUOTE) this.#mode = 'plain';
        break;
      case 'identifier':
        if (byte === DOUBLE_QUOTE) this.#mode = 'plain';
        break;
      default: // dollar
        if (byte !== DOLLAR) break;
        if (this.#end - this.#at < this.#tag.length && !this.#ended) return false;
        if (this.#buffer.subarray(this.#at, this.#at + this.#tag.length).equals(this.#tag)) {
          step = this.#tag.length;
          this.#mode = 'plain';
        }
    }
    if (byte === NEWLINE) this.#line += 1;
    this.#at += step;
    return true;
  }

  /** `$tag$` opens a quote; `$1` and a lone `$` do not. */
  #dollar(): 'more' | undefined {
    let close = this.#at + 1;
    while (close < this.#end && isWord(this.#buffer[close] as number)) close += 1;
    if (close === this.#end && !this.#ended) return 'more';
    const first = this.#buffer[this.#at + 1] as number;
    const opens = this.#buffer[close] === DOLLAR && close < this.#end && !(first >= 0x30 && first <= 0x39);
    this.#begin();
    if (!opens) {
      this.#at += 1;
      return undefined;
    }
    this.#tag = Buffer.from(this.#buffer.subarray(this.#at, close + 1));
    return this.#enter('dollar', this.#tag.length);
  }

  #meta(): SqlPiece | 'more' {
    const newline = this.#buffer.subarray(this.#at, this.#end).indexOf(NEWLINE);
    if (newline < 0 && !this.#ended) return 'more';
    const stop = newline < 0 ? this.#end : this.#at + newline;
    const text = decoder.decode(this.#buffer.subarray(this.#at, stop)).trim();
    this.#at = stop;
    return { kind: 'meta', text, line: this.#line, inside: this.#start >= 0 };
  }

  /** Hands on whole lines up to `\.`. False when more bytes are needed. */
  *#copyData(): Generator<SqlPiece, boolean> {
    if (this.#skipLine) {
      const newline = this.#buffer.subarray(this.#at, this.#end).indexOf(NEWLINE);
      this.#at = newline < 0 ? this.#end : this.#at + newline + 1;
      if (newline < 0) return false;
      this.#skipLine = false;
      this.#line += 1;
    }
    const from = this.#at;
    const fromLine = this.#line;
    while (this.#at < this.#end) {
      const newline = this.#buffer.subarray(this.#at, this.#end).indexOf(NEWLINE);
      if (newline < 0 && !this.#ended) break;
      const stop = newline < 0 ? this.#end : this.#at + newline;
      if (isEndOfCopy(this.#buffer, this.#at, stop)) {
        if (this.#at > from) yield { kind: 'copy-data', bytes: this.#copy(from, this.#at), line: fromLine };
        yield { kind: 'copy-end' };
        this.#line += 1;
        this.#at = Math.min(stop + 1, this.#end);
        this.#mode = 'plain';
        return true;
      }
      this.#line += 1;
      this.#at = Math.min(stop + 1, this.#end);
    }
    if (this.#at > from) yield { kind: 'copy-data', bytes: this.#copy(from, this.#at), line: fromLine };
    return false;
  }

  #statement(stop: number): SqlPiece {
    const text = decoder.decode(this.#buffer.subarray(this.#start, stop)).trimEnd();
    const line = this.#startLine;
    this.#start = -1;
    this.#parentheses = 0;
    this.#atomic = 0;
    if (this.#words[0] === 'copy' && /\bfrom\s+stdin\b/i.test(text)) this.#enterCopy();
    this.#words = [];
    return { kind: 'statement', text, line };
  }

  /** The data begins in the line after the semicolon. */
  #enterCopy(): void {
    this.#mode = 'copy';
    this.#modeLine = this.#line;
    this.#skipLine = true;
  }

  #enter(mode: Mode, length: number): undefined {
    if (mode !== 'line-comment' && mode !== 'block-comment') this.#begin();
    this.#mode = mode;
    this.#modeLine = this.#line;
    this.#at += length;
    return undefined;
  }

  #begin(): void {
    if (this.#start >= 0) return;
    this.#start = this.#at;
    this.#startLine = this.#line;
  }

  #wordIs(word: string): boolean {
    if (this.#wordStart < 0 || this.#at - this.#wordStart !== word.length) return false;
    return this.#buffer.toString('latin1', this.#wordStart, this.#at).toLowerCase() === word;
  }

  /** Counts BEGIN, CASE and END inside a routine's body that is written in standard SQL, as psql does. */
  #endWord(stop: number): void {
    if (this.#wordStart < 0) return;
    const word = this.#buffer.toString('latin1', this.#wordStart, stop).toLowerCase();
    this.#wordStart = -1;
    if (this.#words.length < 4) this.#words.push(word);
    if (this.#words[0] !== 'create' || this.#parentheses > 0) return;
    const routine = this.#words[1] === 'or' ? this.#words[3] : this.#words[1];
    if (routine !== 'function' && routine !== 'procedure') return;
    if (word === 'begin' || (word === 'case' && this.#atomic > 0)) this.#atomic += 1;
    else if (word === 'end' && this.#atomic > 0) this.#atomic -= 1;
  }

  #copy(from: number, to: number): Buffer {
    return Buffer.from(this.#buffer.subarray(from, to));
  }

  /** Keeps what is not done with, and makes room by doubling: a long statement is not copied for each chunk. */
  #append(chunk: Buffer): void {
    const keep = this.#start >= 0 ? this.#start : this.#wordStart >= 0 ? this.#wordStart : this.#at;
    const kept = this.#end - keep;
    if (kept + chunk.length > this.#buffer.length || keep > this.#buffer.length / 2) {
      const room = Math.max(this.#buffer.length, (kept + chunk.length) * 2);
      const larger = Buffer.allocUnsafe(room);
      this.#buffer.copy(larger, 0, keep, this.#end);
      this.#buffer = larger;
      this.#move(keep);
    } else if (this.#end + chunk.length > this.#buffer.length) {
      this.#buffer.copyWithin(0, keep, this.#end);
      this.#move(keep);
    }
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  #move(by: number): void {
    this.#end -= by;
    this.#at -= by;
    if (this.#start >= 0) this.#start -= by;
    if (this.#wordStart >= 0) this.#wordStart -= by;
  }
}

function isWord(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte >= 0x80
  );
}

/** A line that is `\.` alone. */
function isEndOfCopy(buffer: Buffer, from: number, stop: number): boolean {
  const length = stop - from;
  const bare = length === 2 || (length === 3 && buffer[stop - 1] === 0x0d);
  return bare && buffer[from] === BACKSLASH && buffer[from + 1] === 0x2e;
}
