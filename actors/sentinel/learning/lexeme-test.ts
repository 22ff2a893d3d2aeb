import { lexeme as L, type Lexeme } from './statement-lexer.ts';
import { hasWord, statementWords as W } from './statement-words.ts';

/** What a token of a statement can be. */
export const lexemeTest = {
  isLiteral({ kind }: Lexeme): boolean {
    return kind === L.STRING || kind === L.NUMBER || kind === L.HEX;
  },
  isConstant(token: Lexeme): boolean {
    const { text } = token;
    return lexemeTest.isLiteral(token) || text === 'null' || text === 'true' || text === 'false';
  },
  isOr({ text }: Lexeme): boolean {
    return text === 'or' || text === 'xor' || text === '||';
  },
  isAnd({ text }: Lexeme): boolean {
    return text === 'and' || text === '&&';
  },
  isComparison({ kind, text }: Lexeme): boolean {
    return (kind === L.OPERATOR || kind === L.WORD) && hasWord(text, W.COMPARISON);
  },
  /** Whether an operand cannot begin here. */
  endsOperand({ kind, text }: Lexeme): boolean {
    if (kind === L.CLOSE || kind === L.COMMA || kind === L.SEMICOLON) return true;
    return kind === L.WORD && hasWord(text, W.CLAUSE);
  },
};
