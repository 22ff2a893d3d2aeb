import { DIGIT, kindOf, SPACE, WORD_PART } from './characters.ts';
import { newCursor } from './cursor.ts';
import { readNumber } from './read-number.ts';
import { readSign } from './read-sign.ts';
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
   */
  reset(units: Uint16Array, length: number): void {
    const { cursor } = this;
    cursor.units = units;
    cursor.length = length;
    cursor.position = 0;
    cursor.quoteParity = 0;
    cursor.noMoreCommentEnds = false;
    cursor.inVersionComment = false;
    this.done = false;
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
   * @returns how many were written; 0 when the value has ended
   */
  fill(into: Uint8Array): number {
    if (this.done) return 0;
    const { cursor } = this;
    const { units, length } = cursor;
    let count = 0;
    if (!this.started) {
      this.started = true;
      into[count++] = T.START;
    }
    const limit = into.length - 1;
    while (count < limit) {
      let at = cursor.position;
      while (at < length && (kindOf(units[at]!) & SPACE) !== 0) at += 1;
      if (at >= length) {
        this.done = true;
        into[count++] = T.END;
        break;
      }
      cursor.hash = 0;
      cursor.wordLength = 0;
      const kind = kindOf(units[at]!);
      const code =
        (kind & WORD_PART) === 0
          ? readSign(cursor, at)
          : (kind & DIGIT) !== 0
            ? readNumber(cursor, at)
            : units[at] === 36
              ? readDollar(cursor, at)
              : readWord(cursor, at, isQuote(this.lastClass));
      if (code === 0) continue; // START is never read: 0 is nothing to see here
      if (code === this.lastClass && cursor.hash === this.lastHash && !isQuote(code)) {
        this.repeats += 1;
        if (this.repeats >= keptRepeats) continue;
      } else {
        this.repeats = 0;
      }
      into[count++] = this.operand(code);
      this.lastClass = code;
      this.lastHash = cursor.hash;
    }
    return count;
  }

  /** Turns the right operand of a comparison into SAME when it equals the left one. */
  private operand(code: number): number {
    const { hash, wordLength } = this.cursor;
    if (hash === 0) {
      this.compares = comparison[code] === 1 && this.lastLength > 0;
      if (this.compares) {
        this.operandHash = this.lastHash;
        this.operandLength = this.lastLength;
      }
      this.lastLength = 0;
      return code;
    }
    if (code === T.LIKE) {
      this.compares = this.lastLength > 0;
      this.operandHash = this.lastHash;
      this.operandLength = this.lastLength;
      this.lastLength = 0;
      return code;
    }
    const same = this.compares && hash === this.operandHash && wordLength === this.operandLength;
    this.compares = false;
    this.lastLength = wordLength;
    return same && (code === T.WORD || code === T.NUM || code === T.HEX) ? T.SAME : code;
  }
}

function isQuote(code: number): boolean {
  return code >= T.SQ1 && code <= T.BQ2;
}
