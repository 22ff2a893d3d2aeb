/** What a token of a whole statement is. Numbers, so that a row of them is a plain array. */
export const lexeme = {
  WORD: 1,
  NUMBER: 2,
  STRING: 3,
  /** An identifier in quotes, backticks or brackets. */
  QUOTED: 4,
  OPERATOR: 5,
  OPEN: 6,
  CLOSE: 7,
  COMMA: 8,
  SEMICOLON: 9,
  /** `$1`, `?`, `:name`, `@name`. */
  PARAMETER: 10,
  SYSTEM_VARIABLE: 11,
  LINE_COMMENT: 12,
  BLOCK_COMMENT: 13,
  DOT: 14,
  HEX: 15,
} as const;

/** One token of a statement, `[from, to)`. */
export interface Lexeme {
  readonly kind: number;
  /** Words in lower case, operators as they are, else empty. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** A string or comment that has no end. */
  readonly open: boolean;
}

const word = /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/iy;
const number = /(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?/iy;
const hex = /0x[0-9a-f]*/iy;
const operator =
  /<=>|<>|!=|\^=|<=|>=|:=|\|\||&&|::|->>|->|#>>|#>|=>|~~\*?|!~~\*?|~\*|!~\*?|@>|<@|<<|>>|@@|\?\||\?&|[-+*/%=<>!~^&|?:@#\\$`[\]{}]/y;
const parameter = /\$\d+|[:@]\w+|\$\w+/y;
const dollar = /\$(?:[a-z_]\w*)?\$/iy;
const bracketed = /\[[a-z_][\w $.#-]*\]/iy;
const stringPrefixes = /^(?:[nebxrq]|u&|_\w+)$/i;

/**
 * Cuts a statement into tokens as its database would: strings and comments are wholes.
 * @returns one reading, or two where it depends on the database whether a backslash escapes a quote: both count then
 */
export function lexStatement(source: string): Lexeme[][] {
  const standard = lex(source, false);
  if (!/\\['"`]/.test(source) || !standard.some(isOpenString)) return [standard];
  const escaped = lex(source, true);
  return escaped.some(isOpenString) ? [standard] : [escaped, standard];
}

function isOpenString({ kind, open }: Lexeme): boolean {
  return open && (kind === lexeme.STRING || kind === lexeme.QUOTED);
}

function lex(source: string, escapes: boolean): Lexeme[] {
  const out: Lexeme[] = [];
  const { length } = source;
  let at = 0;
  const push = (kind: number, to: number, text = '', open = false): void => {
    out.push({ kind, text, from: at, to: Math.min(to, length), open });
    at = to;
  };
  const match = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.test(source) ? pattern.lastIndex : 0;
  };
  while (at < length) {
    const code = source.charCodeAt(at);
    const next = source.charCodeAt(at + 1);
    if (code <= 32 || code === 160) {
      at += 1;
    } else if (code === 39) {
      const before = out.at(-1);
      const prefixed =
        before !== undefined &&
        before.kind === lexeme.WORD &&
        before.to === at &&
        stringPrefixes.test(before.text);
      if (prefixed) out.pop();
      const end = stringEnd(source, at, 39, escapes || (prefixed && before.text === 'e'));
      if (prefixed) at = before.from;
      push(lexeme.STRING, end, '', end > length);
    } else if (code === 34 || code === 96) {
      const end = stringEnd(source, at, code, escapes);
      if (end > length && code === 96) push(lexeme.OPERATOR, at + 1, '`', true);
      else push(lexeme.QUOTED, end, '', end > length);
    } else if (code === 45 && next === 45) {
      push(lexeme.LINE_COMMENT, lineEnd(source, at));
    } else if (code === 35 && isHashComment(source, at, out.at(-1))) {
      push(lexeme.LINE_COMMENT, lineEnd(source, at), '#');
    } else if (code === 47 && next === 42) {
      if (source.charCodeAt(at + 2) === 33) push(lexeme.BLOCK_COMMENT, at + 3, '!');
      else {
        const end = source.indexOf('*/', at + 2);
        push(lexeme.BLOCK_COMMENT, end < 0 ? length + 1 : end + 2, '', end < 0);
      }
    } else if (code === 42 && next === 47) push(lexeme.OPERATOR, at + 2, '*/');
    else if (code === 40) push(lexeme.OPEN, at + 1);
    else if (code === 41) push(lexeme.CLOSE, at + 1);
    else if (code === 44) push(lexeme.COMMA, at + 1);
    else if (code === 59) push(lexeme.SEMICOLON, at + 1);
    else if (code === 36) {
      const tag = match(dollar);
      const end = tag === 0 ? -1 : source.indexOf(source.slice(at, tag), tag);
      if (end >= 0) push(lexeme.STRING, end + tag - at);
      else push(lexeme.PARAMETER, match(parameter) || at + 1);
    } else if (code === 64 && next === 64) {
      at += 2;
      push(lexeme.SYSTEM_VARIABLE, match(word) || at);
    } else if ((code === 58 && next !== 58 && next !== 61) || (code === 64 && next !== 62)) {
      const end = match(parameter);
      if (end === 0) push(lexeme.OPERATOR, at + 1, source[at]);
      else push(lexeme.PARAMETER, end);
    } else if (code === 91) {
      const end = match(bracketed);
      if (end === 0) push(lexeme.OPERATOR, at + 1, '[');
      else push(lexeme.QUOTED, end);
    } else {
      const ends = match(hex);
      if (ends > at + 2) {
        push(lexeme.HEX, ends);
        continue;
      }
      const digits = match(number);
      if (digits !== 0) {
        push(lexeme.NUMBER, digits);
        continue;
      }
      const letters = match(word);
      if (letters !== 0) {
        push(lexeme.WORD, letters, source.slice(at, letters).toLowerCase());
        continue;
      }
      if (code === 46) push(lexeme.DOT, at + 1);
      else {
        const sign = match(operator) || at + 1;
        push(lexeme.OPERATOR, sign, source.slice(at, sign));
      }
    }
  }
  return out;
}

/** Behind the end of the string that begins at `from`; more than the length when it has none. */
function stringEnd(source: string, from: number, quote: number, escapes: boolean): number {
  for (let at = from + 1; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === 92 && escapes) at += 1;
    else if (code === quote) {
      if (source.charCodeAt(at + 1) !== quote) return at + 1;
      at += 1;
    }
  }
  return source.length + 1;
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

/** MySQL's comment; `#>`, `#-`, `#name` are operators and temporary tables elsewhere, but not right behind a literal. */
function isHashComment(source: string, at: number, before: Lexeme | undefined): boolean {
  const next = source.charCodeAt(at + 1);
  if (next === 62 || next === 45 || next === 35 || next === 61) return false;
  const named = (next >= 48 && next <= 57) || (next | 32) >= 97;
  if (!named) return true;
  return (
    before !== undefined &&
    before.to === at &&
    (before.kind === lexeme.STRING || before.kind === lexeme.NUMBER || before.kind === lexeme.CLOSE)
  );
}
