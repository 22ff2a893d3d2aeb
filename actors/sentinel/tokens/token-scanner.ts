import { DIGIT, HEX_DIGIT, kindOf, LETTER, SPACE, WORD_PART } from './characters.ts';
import { familyClass, hashStep, keywordClass } from './keyword-table.ts';
import { tokenCode as T } from './token-class.ts';

const APOSTROPHE = 39;

/** What `'` must be followed by to break out of a string although it stands between two letters: `a'or'1'='1`. */
const payloadWords = new Set<number>([
  ...[T.AND, T.OR, T.XOR, T.NOT, T.DIV, T.LIKE, T.SIMILAR, T.IS, T.IN, T.BETWEEN, T.UNION, T.SELECT, T.ORDER],
  ...[T.GROUP, T.HAVING, T.LIMIT, T.INTO, T.EXEC, T.DECLARE, T.WAITFOR, T.PROCEDURE, T.INSERT, T.BEGIN, T.XP],
  ...[T.FROM, T.WHERE, T.UPDATE, T.DROP, T.SHUTDOWN, T.COLLATE, T.CASE],
]);
const payloadWord = new Uint8Array(256);
for (const code of payloadWords) payloadWord[code] = 1;

/** Comparison signs, for telling `7=7` from `7=8`. */
const comparison = new Uint8Array(256);
for (const code of [T.EQ, T.EQ2, T.LIKE]) comparison[code] = 1;

/**
 * Cuts a value into token classes, left to right, in one pass and without allocating. It does not parse SQL: a value
 * is only a piece of a statement, so quotes are not paired, brackets not matched, and the text of a line comment is
 * cut too (to the attacker it is a comment, to somebody else a sentence). Closed block comments are white space,
 * the text of version comments (`/*!50000 … *​/`) is code.
 *
 * Three or more equal tokens in a row count as three, so that padding does not push a payload away from its start.
 */
export class TokenScanner {
  private text = '';
  private position = 0;
  private done = true;
  private started = false;
  private noMoreCommentEnds = false;
  private inVersionComment = false;
  private quoteParity = 0;
  private lastClass = 0;
  private lastHash = 0;
  private lastLength = 0;
  private repeats = 0;
  private operandHash = 0;
  private operandLength = 0;
  private compares = false;
  private wordHash = 0;

  /** Begins with a new value. */
  reset(text: string): void {
    this.text = text;
    this.position = 0;
    this.done = false;
    this.started = false;
    this.noMoreCommentEnds = false;
    this.inVersionComment = false;
    this.quoteParity = 0;
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
    let count = 0;
    if (!this.started) {
      this.started = true;
      into[count++] = T.START;
    }
    const limit = into.length - 1;
    while (count < limit) {
      const code = this.next();
      if (code < 0) {
        this.done = true;
        into[count++] = T.END;
        break;
      }
      if (code === 0) continue; // START is never written by next(): 0 means nothing to see here
      const hash = this.wordHash;
      if (code === this.lastClass && hash === this.lastHash && !isQuote(code)) {
        this.repeats += 1;
        if (this.repeats >= 3) continue;
      } else {
        this.repeats = 0;
      }
      into[count++] = this.operand(code, hash);
      this.lastClass = code;
      this.lastHash = hash;
    }
    return count;
  }

  /** Turns the right operand of a comparison into SAME when it equals the left one. */
  private operand(code: number, hash: number): number {
    if (comparison[code] === 1) {
      this.operandHash = this.lastHash;
      this.operandLength = this.lastLength;
      this.compares = this.lastLength > 0;
      this.lastLength = 0;
      return code;
    }
    if (hash === 0) {
      this.compares = false;
      this.lastLength = 0;
      return code;
    }
    const same = this.compares && hash === this.operandHash && this.wordLength === this.operandLength;
    this.compares = false;
    this.lastLength = this.wordLength;
    return same && (code === T.WORD || code === T.NUM || code === T.HEX) ? T.SAME : code;
  }

  private wordLength = 0;

  /** Class of the next token, 0 for something that is no token, -1 at the end. */
  private next(): number {
    const text = this.text;
    const length = text.length;
    let at = this.position;
    while (at < length && (kindOf(text.charCodeAt(at)) & SPACE) !== 0) at += 1;
    this.wordHash = 0;
    this.wordLength = 0;
    if (at >= length) {
      this.position = length;
      return -1;
    }
    const code = text.charCodeAt(at);
    const kind = kindOf(code);
    if ((kind & DIGIT) !== 0) return this.number(at);
    if ((kind & WORD_PART) !== 0) return code === 36 ? this.dollar(at) : this.word(at);
    return this.sign(at, code);
  }

  private number(from: number): number {
    const text = this.text;
    let at = from + 1;
    let hash = hashStep(7, text.charCodeAt(from));
    const second = text.charCodeAt(at) | 32;
    if (
      text.charCodeAt(from) === 48 &&
      second === 120 &&
      (kindOf(text.charCodeAt(at + 1)) & HEX_DIGIT) !== 0
    ) {
      at += 1;
      while ((kindOf(text.charCodeAt(at)) & HEX_DIGIT) !== 0) {
        hash = hashStep(hash, text.charCodeAt(at));
        at += 1;
      }
      return this.finish(at, from, hash, T.HEX);
    }
    for (;;) {
      const code = text.charCodeAt(at);
      if ((kindOf(code) & DIGIT) !== 0) {
        hash = hashStep(hash, code);
        at += 1;
      } else if (
        // 1.5, 2026-01-02, 12:30:00 and 10.0.0.1 are one number each
        (code === 46 || code === 45 || code === 58) &&
        (kindOf(text.charCodeAt(at + 1)) & DIGIT) !== 0
      ) {
        hash = hashStep(hash, code);
        at += 1;
      } else if (code === 46 && (kindOf(text.charCodeAt(at + 1)) & WORD_PART) === 0) {
        at += 1; // `1.`
        break;
      } else break;
    }
    // `1.e` and `1.union`: the dot ends the number
    if (text.charCodeAt(at) === 46 && (kindOf(text.charCodeAt(at + 1)) & LETTER) !== 0) at += 1;
    if ((kindOf(text.charCodeAt(at)) & WORD_PART) === 0) return this.finish(at, from, hash, T.NUM);
    return this.numberThenLetters(from, at, hash);
  }

  /** `1union` is a number and a keyword, `1e5` a number, `2nd` and `7zip` are words. */
  private numberThenLetters(from: number, at: number, hash: number): number {
    const text = this.text;
    if ((text.charCodeAt(at) | 32) === 101) {
      let after = at + 1;
      const sign = text.charCodeAt(after);
      if (sign === 43 || sign === 45) after += 1;
      const digits = after;
      while ((kindOf(text.charCodeAt(after)) & DIGIT) !== 0) after += 1;
      if (after > digits || after === at + 1) {
        if ((kindOf(text.charCodeAt(after)) & WORD_PART) === 0 || this.keywordAt(after)) {
          return this.finish(after, from, hash, T.NUM);
        }
      }
    }
    if (this.keywordAt(at)) return this.finish(at, from, hash, T.NUM);
    let end = at;
    while ((kindOf(text.charCodeAt(end)) & WORD_PART) !== 0) {
      hash = hashStep(hash, text.charCodeAt(end));
      end += 1;
    }
    return this.finish(end, from, hash, T.WORD);
  }

  private isPayload(from: number, to: number, hash: number): boolean {
    return payloadWord[keywordClass(this.text, from, to, hash, 0)] === 1;
  }

  /** Whether a word an injection goes on with begins here. */
  private keywordAt(from: number): boolean {
    const text = this.text;
    let hash = 0;
    let at = from;
    for (
      let code = text.charCodeAt(at);
      (kindOf(code) & WORD_PART) !== 0 && at - from < 12;
      code = text.charCodeAt(at)
    ) {
      hash = hashStep(hash, code >= 65 && code <= 90 ? code + 32 : code);
      at += 1;
    }
    return at > from && payloadWord[keywordClass(text, from, at, hash, 0)] === 1;
  }

  private word(from: number): number {
    const text = this.text;
    let at = from;
    let hash = 0;
    let firstEnd = 0;
    let firstHash = 0;
    let lastStart = from;
    let lastHash = 0;
    let joined = false;
    const afterQuote = isQuote(this.lastClass);
    for (;;) {
      const code = text.charCodeAt(at);
      const kind = kindOf(code);
      if ((kind & WORD_PART) !== 0) {
        if (code === 36 && at > from && this.dollarQuoteEnd(at) > 0) break;
        const lower = code >= 65 && code <= 90 ? code + 32 : code;
        hash = hashStep(hash, lower);
        lastHash = hashStep(lastHash, lower);
        at += 1;
        continue;
      }
      const dots = code !== 46 ? 0 : text.charCodeAt(at + 1) === 46 ? 2 : 1; // `master..xp_cmdshell`
      if (dots > 0 && (kindOf(text.charCodeAt(at + dots)) & WORD_PART) !== 0) {
        if (firstEnd === 0) {
          firstEnd = at;
          firstHash = hash;
        }
        hash = hashStep(hash, code);
        lastHash = 0;
        at += dots;
        lastStart = at;
        continue;
      }
      if (this.joins(at, code, afterQuote) && !(code === APOSTROPHE && this.isPayload(from, at, hash))) {
        joined = true;
        hash = hashStep(hash, code);
        at += 1;
        continue;
      }
      break;
    }
    if (joined) return this.finish(at, from, hash, T.WORD);
    const bracket = this.bracketFollows(at);
    let found = keywordClass(text, from, at, hash, bracket);
    if (found === 0 && firstEnd > 0) {
      // A dotted name: the schema tells, or the function at its end.
      const first = keywordClass(text, from, firstEnd, firstHash, 0);
      const last = keywordClass(text, lastStart, at, lastHash, bracket);
      if (last === T.F_DELAY || last === T.F_FILE) found = last;
      else if (isProcedure(last) || isProcedure(familyClass(text, lastStart, false))) found = T.XP;
      else if (first === T.SYSTEM) found = T.SYSTEM;
    }
    if (found === 0) found = familyClass(text, from, bracket !== 0);
    if (found === 0) found = bracket === 1 ? T.CALL : T.WORD;
    return this.finish(at, from, hash, found);
  }

  /** Whether the sign at `at` is inside a word: `O'Brien`, `out-and-out`, `me@example.org`. */
  private joins(at: number, code: number, afterQuote: boolean): boolean {
    const text = this.text;
    if (code !== APOSTROPHE && code !== 45 && code !== 64) return false;
    const before = kindOf(text.charCodeAt(at - 1));
    const after = kindOf(text.charCodeAt(at + 1));
    if (code === 64) return (after & WORD_PART) !== 0;
    if ((before & LETTER) === 0 || (after & LETTER) === 0) return false;
    if (code === APOSTROPHE) return !this.keywordAt(at + 1);
    if (afterQuote) return false;
    let end = at + 1;
    while ((kindOf(text.charCodeAt(end)) & WORD_PART) !== 0 && end - at < 40) end += 1;
    return text.charCodeAt(end) !== 40;
  }

  /** 1: an opening bracket right here, 2: one after blanks, 0: none. */
  private bracketFollows(from: number): 0 | 1 | 2 {
    const text = this.text;
    if (text.charCodeAt(from) === 40) return 1;
    let at = from;
    while ((kindOf(text.charCodeAt(at)) & SPACE) !== 0 && at - from < 8) at += 1;
    return text.charCodeAt(at) === 40 ? 2 : 0;
  }

  /** `$$` and `$tag$` quote in PostgreSQL; anything else with a dollar sign is a word. */
  private dollar(from: number): number {
    const text = this.text;
    const end = this.dollarQuoteEnd(from);
    if (end > 0) {
      this.position = end;
      return T.DOLLAR;
    }
    if ((kindOf(text.charCodeAt(from + 1)) & WORD_PART) === 0) {
      this.position = from + 1;
      return T.OTHER;
    }
    this.word(from + 1);
    return T.DOLLAR_NAME;
  }

  /** Where the dollar quote that begins at `from` ends, 0 when there is none. */
  private dollarQuoteEnd(from: number): number {
    let at = from + 1;
    while (at - from < 20 && (kindOf(this.text.charCodeAt(at)) & LETTER) !== 0) at += 1;
    return this.text.charCodeAt(at) === 36 ? at + 1 : 0;
  }

  private finish(at: number, from: number, hash: number, code: number): number {
    this.position = at;
    this.wordHash = hash === 0 ? 1 : hash;
    this.wordLength = at - from;
    return code;
  }

  private sign(at: number, code: number): number {
    const text = this.text;
    const next = text.charCodeAt(at + 1);
    this.position = at + 1;
    switch (code) {
      case APOSTROPHE:
        this.quoteParity ^= 1;
        return (this.quoteParity & 1) !== 0 ? T.SQ1 : T.SQ2;
      case 34:
        this.quoteParity ^= 2;
        return (this.quoteParity & 2) !== 0 ? T.DQ1 : T.DQ2;
      case 96:
        this.quoteParity ^= 4;
        return (this.quoteParity & 4) !== 0 ? T.BQ1 : T.BQ2;
      case 40:
        return T.LP;
      case 41:
        return T.RP;
      case 91:
        return T.LB;
      case 93:
        return T.RB;
      case 123:
        return T.LC;
      case 125:
        return T.RC;
      case 44:
        return T.COMMA;
      case 59:
        return T.SEMI;
      case 46:
        return (kindOf(next) & DIGIT) !== 0 ? this.number(at + 1) : T.DOT;
      case 63:
        return T.QM;
      case 43:
        return T.PLUS;
      case 37:
        return T.PERCENT;
      case 94:
        return T.CARET;
      case 45:
        return this.minus(at, next);
      case 47:
        return this.slash(next);
      case 42:
        return this.star(next);
      case 35:
        return this.hash(at, next);
      case 58:
        return this.colon(at, next);
      case 64:
        return this.at(at, next);
      case 92:
        return this.backslash(at, next);
      case 0x2013:
      case 0x2014:
        return T.RULE;
      default:
        return this.operator(at, code, next);
    }
  }

  private minus(at: number, next: number): number {
    const text = this.text;
    if (next === 62) {
      this.position = text.charCodeAt(at + 2) === 62 ? at + 3 : at + 2;
      return T.JSONOP;
    }
    if (next !== 45) return T.MINUS;
    let end = at + 2;
    while (text.charCodeAt(end) === 45) end += 1;
    this.position = end;
    const after = text.charCodeAt(end);
    if (after === 62) {
      this.position = end + 1;
      return T.OTHER; // `-->`
    }
    if (end - at > 2) return T.RULE;
    if (after === 43) this.position = end + 1; // `--+`: a blank that was encoded once too rarely
    if (this.isGlued(at)) return T.CUT;
    if (after === 43) return T.DASH2;
    const before = at === 0 ? SPACE : kindOf(text.charCodeAt(at - 1));
    if ((kindOf(after) & WORD_PART) !== 0) {
      if ((before & WORD_PART) !== 0) return T.DASH_WORD;
      if ((before & SPACE) !== 0 && (kindOf(after) & LETTER) !== 0) return T.DASH_FLAG;
    }
    return T.DASH2;
  }

  private slash(next: number): number {
    if (next !== 42) return T.SLASH;
    const text = this.text;
    const at = this.position - 1;
    if (text.charCodeAt(at + 2) === 33) {
      // `/*!50000 select */`: MySQL runs what is inside
      let end = at + 3;
      while ((kindOf(text.charCodeAt(end)) & DIGIT) !== 0 && end - at < 9) end += 1;
      this.position = end;
      this.inVersionComment = true;
      return 0;
    }
    const end = this.noMoreCommentEnds ? -1 : text.indexOf('*/', at + 2);
    if (end >= 0) {
      this.position = end + 2;
      return 0;
    }
    this.noMoreCommentEnds = true;
    this.position = at + 2;
    return this.isGlued(at) ? T.CUT : T.COPEN;
  }

  private star(next: number): number {
    if (next !== 47) return T.STAR;
    // `2*/*!50000(3)*/` multiplies
    if (!this.inVersionComment && this.text.charCodeAt(this.position + 1) === 42) return T.STAR;
    this.position += 1;
    if (this.inVersionComment) {
      this.inVersionComment = false;
      return 0;
    }
    return T.CCLOSE;
  }

  private hash(at: number, next: number): number {
    if (next === 62) {
      this.position = this.text.charCodeAt(at + 2) === 62 ? at + 3 : at + 2;
      return T.JSONOP;
    }
    if ((kindOf(next) & WORD_PART) !== 0) return T.HASHTAG;
    return this.isGlued(at) ? T.CUT : T.HASH;
  }

  /** Whether the sign at `at` stands directly behind a quote, a closing bracket or a semicolon. */
  private isGlued(at: number): boolean {
    if (at === 0) return false;
    const before = this.text.charCodeAt(at - 1);
    return before === APOSTROPHE || before === 34 || before === 96 || before === 41 || before === 59;
  }

  /** `::type` belongs to the operand before it and is dropped with the name of the type. */
  private colon(at: number, next: number): number {
    if (next === 61) {
      this.position = at + 2;
      return T.ASSIGN;
    }
    if (next !== 58) return T.COLON;
    let end = at + 2;
    while ((kindOf(this.text.charCodeAt(end)) & SPACE) !== 0 && end - at < 6) end += 1;
    while ((kindOf(this.text.charCodeAt(end)) & WORD_PART) !== 0) end += 1;
    if (this.text.charCodeAt(end) === 91 && this.text.charCodeAt(end + 1) === 93) end += 2;
    this.position = end;
    return 0;
  }

  private at(at: number, next: number): number {
    const text = this.text;
    if (next === 62 || next === 63) {
      this.position = at + 2;
      return T.JSONOP;
    }
    let end = at + 1;
    if (next === 64) end += 1;
    const from = end;
    while ((kindOf(text.charCodeAt(end)) & WORD_PART) !== 0 || text.charCodeAt(end) === 46) end += 1;
    this.position = end;
    const quoted = next === 96 || next === APOSTROPHE || next === 34;
    if (next === 64) return end > from ? T.SYSVAR : T.OTHER;
    return end > from || quoted ? T.VAR : T.OTHER;
  }

  /** `\N` is NULL in MySQL; a backslash before anything else says nothing. */
  private backslash(at: number, next: number): number {
    if (next !== 78 || (kindOf(this.text.charCodeAt(at + 2)) & WORD_PART) !== 0) {
      if (next !== 78 || !this.keywordAt(at + 2)) return 0;
    }
    this.position = at + 2;
    return T.NULL;
  }

  private operator(at: number, code: number, next: number): number {
    const text = this.text;
    const third = text.charCodeAt(at + 2);
    const take = (length: number, result: number): number => {
      this.position = at + length;
      return result;
    };
    switch (code) {
      case 61: // =
        if (next === 61) return take(third === 61 ? 3 : 2, T.EQ2);
        if (next === 62) return take(2, T.ARROW);
        if (next === 126) return take(2, T.OTHER);
        return T.EQ;
      case 33: // !
        if (next === 61) return take(third === 61 ? 3 : 2, T.NE);
        if (next === 126) return take(third === 42 ? 3 : 2, T.TILDE);
        if (next === 60 || next === 62) return take(2, T.GT);
        return T.BANG;
      case 60: // <
        if (next === 61) return take(third === 62 ? 3 : 2, third === 62 ? T.EQ : T.LT);
        if (next === 62) return take(2, T.NE);
        if (next === 60) return take(2, T.SHIFT);
        if (next === 64) return take(2, T.JSONOP);
        if (next === 33 || next === 47) return take(2, T.OTHER);
        return T.LT;
      case 62: // >
        if (next === 61) return take(2, T.GT);
        if (next === 62) return take(2, T.SHIFT);
        return T.GT;
      case 124: // |
        return next === 124 ? take(2, T.PIPE2) : T.PIPE;
      case 38: // &
        return next === 38 ? take(2, T.AMP2) : T.AMP;
      case 126: // ~
        return next === 42 ? take(2, T.TILDE) : T.TILDE;
      default:
        return T.OTHER;
    }
  }
}

function isProcedure(code: number): boolean {
  return code === T.XP || code === T.SP;
}

function isQuote(code: number): boolean {
  return code >= T.SQ1 && code <= T.BQ2;
}
