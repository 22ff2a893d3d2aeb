import { newCursor } from './cursor.ts';
import { DIGIT, kinds, SPACE, WORD_PART } from './kind-of-character.ts';
import { readNumber } from './read-number.ts';
import { readSign, singleSign } from './read-sign.ts';
import { readDollar, readWord } from './read-word.ts';
import { tokenCode as T } from './token-class.ts';

/** Equal tokens in a row that are kept. */
const keptRepeats = 3;

/** Comparison signs, for telling `7=7` from `7=8`. */
const comparison = new Uint8Array(256);
for (const code of [T.EQ, T.EQ2, T.LIKE]) comparison[code] = 1;

/**
 * Cuts a value into token classes, left to right, in one pass and without allocating. It does not parse SQL: a value
 * is only a piece of a statement, so quotes are not paired, brackets not matched, and the text of a line comment is
 * cut too (to the attacker it is a comment, to somebody else a sentence).
 *
 * Three or more equal tokens in a row count as three, so that padding does not push a payload away from its start.
 */
export class TokenScanner {
  private readonly cursor = newCursor();
  private done = true;
  private whole = true;
  private started = false;
  private lastClass = 0;
  private lastHash = 0;
  private lastLength = 0;
  private repeats = 0;
  private operandHash = 0;
  private operandLength = 0;
  private compares = false;

  /**
   * Begins with a new value.
   * @param units the value, with zeros behind its end
   * @param whole false when this is only its beginning: then no END is written
   */
  reset(units: Uint16Array, length: number, whole: boolean): void {
    const { cursor } = this;
    cursor.units = units;
    cursor.length = length;
    cursor.position = 0;
    cursor.quoteParity = 0;
    cursor.noMoreCommentEnds = false;
    cursor.inVersionComment = false;
    this.done = false;
    this.whole = whole;
    this.started = false;
    this.lastClass = 0;
    this.lastHash = 0;
    this.lastLength = 0;
    this.repeats = 0;
    this.compares = false;
  }

  /**
   * Writes the codes of the next tokens. The first of a value is START, the last END.
   * @param into filled from its beginning
   * @param ends where wanted, filled with where each token ends in the value
   * @returns how many were written; 0 when the value has ended
   */
  fill(into: Uint8Array, ends?: Int32Array): number {
    if (this.done) return 0;
    const { cursor } = this;
    const { units, length } = cursor;
    let count = 0;
    if (!this.started) {
      this.started = true;
      into[count++] = T.START;
    }
    const limit = into.length - 1;
    let at = cursor.position;
    let { lastClass, lastHash, repeats } = this;
    while (count < limit) {
      if (at >= length) {
        this.done = true;
        if (this.whole) into[count++] = T.END;
        break;
      }
      const kind = kinds[units[at]!]!;
      if ((kind & SPACE) !== 0) {
        at += 1;
        continue;
      }
      let code = 0;
      let hash = 0;
      if (kind === 0) {
        code = singleSign(units[at]!);
        if (code !== 0) at += 1;
      }
      if (code === 0) {
        cursor.hash = 0;
        cursor.wordLength = 0;
        code = this.read(at, kind, lastClass);
        at = cursor.position;
        hash = cursor.hash;
        if (code === 0) continue; // START is never read: 0 is nothing to see here
      }
      if (code === lastClass && hash === lastHash && !isQuote(code)) {
        repeats += 1;
        if (repeats >= keptRepeats) continue;
      } else {
        repeats = 0;
      }
      if (hash === 0 && comparison[code] === 0) {
        this.compares = false;
        this.lastLength = 0;
        into[count++] = code;
      } else {
        into[count++] = this.operand(code, hash, lastHash);
      }
      if (ends !== undefined) ends[count - 1] = at;
      lastClass = code;
      lastHash = hash;
    }
    cursor.position = at;
    this.lastClass = lastClass;
    this.lastHash = lastHash;
    this.repeats = repeats;
    return count;
  }

  private read(at: number, kind: number, lastClass: number): number {
    const { cursor } = this;
    if ((kind & WORD_PART) === 0) return readSign(cursor, at);
    if ((kind & DIGIT) !== 0) return readNumber(cursor, at);
    if (cursor.units[at] === 36) return readDollar(cursor, at);
    return readWord(cursor, at, isQuote(lastClass));
  }

  /** Turns the right operand of a comparison into SAME when it equals the left one. */
  private operand(code: number, hash: number, lastHash: number): number {
    if (comparison[code] === 1) {
      this.compares = this.lastLength > 0;
      this.operandHash = lastHash;
      this.operandLength = this.lastLength;
      this.lastLength = 0;
      return code;
    }
    const length = this.cursor.wordLength;
    const same = this.compares && hash === this.operandHash && length === this.operandLength;
    this.compares = false;
    this.lastLength = length;
    return same && (code === T.WORD || code === T.NUM || code === T.HEX) ? T.SAME : code;
  }
}

function isQuote(code: number): boolean {
  return code >= T.SQ1 && code <= T.BQ2;
}
