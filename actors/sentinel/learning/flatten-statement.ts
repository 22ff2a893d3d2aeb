/** A statement read as its database would: strings and comments as wholes. */
export interface FlatStatement {
  /** Strings are numbers (equal ones the same), comments are gone. */
  readonly text: string;
  readonly stringOpen: boolean;
  readonly commentOpen: boolean;
  /** A comment with which the statement ends. */
  readonly trailingComment: boolean;
  readonly quoteInComment: boolean;
  readonly keywordInComment: boolean;
  /** Statements behind the first one. */
  readonly further: number;
  readonly constants: number;
  readonly unions: number;
}

const keyword = /\b(?:and|or|where|from|limit|order|group|values|set|select|union)\b|[)=]/i;
const constant = /\b(\d+)\s*(?:=|like|<=>|<>|!=|<|>)\s*(?:\(\s*)?(\d+)\b/gi;
const union = /\b(?:union|intersect|except)\b/gi;
const statementBehind = /;\s*(?=[a-z])/gi;

/** Pairs quotes and cuts comments out, as PostgreSQL and MySQL do (`''`, `\'`, `$$`, `--`, `#`, nested none). */
export function flattenStatement(source: string): FlatStatement {
  let text = '';
  let comments = '';
  let stringOpen = false;
  let commentOpen = false;
  let trailingComment = false;
  let at = 0;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code === 39 || code === 34 || code === 96) {
      const end = stringEnd(source, at, code);
      if (code === 39) text += ` ${literalNumber(source, at, end)} `;
      else text += code === 34 ? ' q ' : ' b ';
      if (end > source.length) stringOpen = true;
      at = end;
      trailingComment = false;
    } else if (isLineComment(source, at, code)) {
      const end = source.indexOf('\n', at);
      comments += ` ${source.slice(at, end < 0 ? source.length : end)}`;
      at = end < 0 ? source.length : end;
      trailingComment = true;
    } else if (code === 47 && source.charCodeAt(at + 1) === 42) {
      if (source.charCodeAt(at + 2) === 33) {
        text += ' ';
        at += 3;
        continue;
      }
      const end = source.indexOf('*/', at + 2);
      comments += ` ${source.slice(at, end < 0 ? source.length : end)}`;
      if (end < 0) commentOpen = true;
      at = end < 0 ? source.length : end + 2;
      text += ' ';
      trailingComment = true;
    } else {
      text += source[at];
      if (code > 32 && code !== 59) trailingComment = false;
      at += 1;
    }
  }
  return {
    text,
    stringOpen,
    commentOpen,
    trailingComment,
    quoteInComment: /['"`]/.test(comments),
    keywordInComment: keyword.test(comments),
    further: text.match(statementBehind)?.length ?? 0,
    constants: text.match(constant)?.length ?? 0,
    unions: text.match(union)?.length ?? 0,
  };
}

/** Behind the end of the string that begins at `from`; more than the length when it has none. */
function stringEnd(source: string, from: number, quote: number): number {
  for (let at = from + 1; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === 92 && quote === 39) at += 1;
    else if (code === quote) {
      if (source.charCodeAt(at + 1) !== quote) return at + 1;
      at += 1;
    }
  }
  return source.length + 1;
}

/** `--` is always one; `#` only where no word or operator goes on (`#>`, `#-` are operators of PostgreSQL). */
function isLineComment(source: string, at: number, code: number): boolean {
  const next = source.charCodeAt(at + 1);
  if (code === 45) return next === 45;
  if (code !== 35) return false;
  return !(next === 62 || next === 45 || next === 35 || (next >= 48 && next <= 57) || (next | 32) >= 97);
}

function literalNumber(source: string, from: number, to: number): number {
  let hash = 0;
  for (let at = from + 1; at < to - 1; at += 1) hash = (Math.imul(hash, 31) + source.charCodeAt(at)) | 0;
  return (hash >>> 0) % 1_000_000;
}
