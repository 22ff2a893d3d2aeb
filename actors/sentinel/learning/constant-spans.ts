import { lexemeTest } from './lexeme-test.ts';
import { lexeme as L, type Lexeme } from './statement-lexer.ts';
import { hasWord, statementWords as W } from './statement-words.ts';

const { isConstant } = lexemeTest;
/** So many tokens of a constant expression are looked at. */
const longestConstant = 24;

/** Finds expressions that no row changes: literals, and brackets and calls of nothing else. */
export class ConstantSpans {
  private readonly tokens: readonly Lexeme[];

  /** @param tokens of a statement, without comments */
  constructor(tokens: readonly Lexeme[]) {
    this.tokens = tokens;
  }

  /** Where the constant begins that ends at `place`; -1 when what ends there is none. */
  beginOf(place: number): number {
    const { tokens } = this;
    const last = tokens[place];
    if (last === undefined) return -1;
    if (last.kind !== L.CLOSE) return isConstant(last) && tokens[place - 1]?.kind !== L.DOT ? place : -1;
    let depth = 0;
    for (let back = place; back >= 0 && back > place - longestConstant; back -= 1) {
      const token = tokens[back]!;
      if (token.kind === L.CLOSE) depth += 1;
      else if (token.kind === L.OPEN) {
        depth -= 1;
        if (depth === 0)
          return tokens[back - 1]?.kind === L.WORD && !hasWord(tokens[back - 1]!.text, W.CONNECTOR)
            ? back - 1
            : back;
      } else if (!this.isPart(back)) return -1;
    }
    return -1;
  }

  /** Where the constant ends that begins at `place`; -1 when what begins there is none. */
  endOf(place: number): number {
    const { tokens } = this;
    let depth = 0;
    for (let at_ = place; at_ < tokens.length && at_ < place + longestConstant; at_ += 1) {
      const token = tokens[at_]!;
      if (token.kind === L.OPEN) depth += 1;
      else if (token.kind === L.CLOSE) {
        depth -= 1;
        if (depth <= 0) return at_;
      } else if (!this.isPart(at_)) return -1;
      else if (depth === 0 && tokens[at_ + 1]?.kind !== L.OPEN && token.kind !== L.OPERATOR) return at_;
    }
    return depth > 0 && tokens.length < place + longestConstant ? tokens.length : -1;
  }

  private isPart(place: number): boolean {
    const token = this.tokens[place]!;
    if (token.kind === L.OPERATOR) return token.text !== '*' || this.tokens[place - 1]?.kind !== L.OPEN;
    if (isConstant(token) || token.kind === L.COMMA) return true;
    if (token.kind !== L.WORD) return token.kind === L.SYSTEM_VARIABLE;
    if (token.text === 'select' || token.text === 'from') return false;
    return this.tokens[place + 1]?.kind === L.OPEN || hasWord(token.text, W.SYSTEM_FACT);
  }

  /** Whether the bracket that is closed at `place` holds a select. */
  closesSubselect(place: number): boolean {
    let depth = 0;
    for (let back = place; back >= 0 && back > place - 80; back -= 1) {
      const { kind } = this.tokens[back]!;
      if (kind === L.CLOSE) depth += 1;
      else if (kind === L.OPEN) {
        depth -= 1;
        if (depth === 0) return this.tokens[back + 1]?.text === 'select';
      }
    }
    return false;
  }
}
