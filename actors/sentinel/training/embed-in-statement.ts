import { lexeme as L, type Lexeme, lexStatement } from '../learning/statement-lexer.ts';
import { hasWord, statementWords as W } from '../learning/statement-words.ts';
import type { Random } from './random.ts';

/** A place of a statement where a script would have put a value. */
interface Place {
  readonly from: number;
  readonly to: number;
  /** What encloses the value there; empty for a number or a name. */
  readonly quote: "'" | '"' | '';
  /** What stands there now, without its quotes. */
  readonly value: string;
}

const longestKept = 40;

/**
 * Puts a payload into an honest statement, as a script does that builds its statements out of strings.
 * @returns undefined when no place of the statement fits, or the payload would stay a value there (`isInjected`)
 */
export function injectIntoStatement(statement: string, payload: string, random: Random): string | undefined {
  if (isRemark(payload)) return undefined;
  const written = decoded(payload, random);
  const quote = quoteOf(written, random);
  const places = placesOf(statement).filter((place) => place.quote === quote);
  if (places.length === 0) return undefined;
  const place = random.pick(places);
  const value = withValue(written, place, random);
  const brackets = '('.repeat(missingBrackets(value, quote));
  const percent = quote !== '' && (place.value.includes('%') || random.chance(0.1)) ? '%' : '';
  const from = place.from + brackets.length + quote.length;
  const before = statement.slice(0, place.from) + brackets + quote + percent;
  const text = `${before}${value}${percent}${quote}${statement.slice(place.to)}`;
  return isInjected(text, from - quote.length, before.length + value.length) ? text : undefined;
}

/** Puts an honest value into a string of a statement, escaped as it should be. */
export function escapeIntoStatement(statement: string, value: string, random: Random): string | undefined {
  const fitting = placesOf(statement).filter(({ quote }) => quote === "'");
  if (fitting.length === 0) return undefined;
  const { from, to } = random.pick(fitting);
  const escaped = random.chance(0.1)
    ? value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
    : value.replaceAll("'", "''");
  return `${statement.slice(0, from)}'${escaped}'${statement.slice(to)}`;
}

/**
 * Whether what was put in changes the structure: it ends the literal, and behind that end, still in the payload, comes
 * a comment, an operator, a keyword, a literal or another statement. A payload that stays a value, or leaves nothing but words
 * that no database would take for more (`8216;`, a name with an apostrophe), is no injection.
 * @param from where the literal begins
 * @param to where the payload ends
 */
export function isInjected(text: string, from: number, to: number): boolean {
  return lexStatement(text).some((reading) =>
    breaksOut(
      reading.filter((token) => token.to > from && token.from < to),
      from,
    ),
  );
}

function breaksOut(tokens: readonly Lexeme[], from: number): boolean {
  const first = tokens[0];
  if (first === undefined || first.from < from || isComment(first)) return false;
  for (const [at, token] of tokens.entries()) {
    if (at === 0) continue;
    if (isComment(token)) return true;
    if (token.kind === L.OPERATOR && token.text !== '`' && tokens[at + 1] !== undefined) return true;
    if (isLiteral(token) && isLiteral(tokens[at - 1]!)) return true;
    if (token.kind === L.SEMICOLON) {
      const next = tokens[at + 1];
      if (next?.kind === L.WORD && hasWord(next.text, W.STATEMENT)) return true;
    } else if (token.kind === L.WORD && (hasWord(token.text, W.KEYWORD) || tokens[at + 1]?.kind === L.OPEN)) {
      return true;
    }
  }
  return false;
}

/** The quotes that a payload breaks out of; one whose quotes are pairs behind an operator may want none. */
function quoteOf(payload: string, random: Random): Place['quote'] {
  if (/^-?\d+\s+[a-z|&][^'"]*(?:'[^']*'[^']*)+$/i.test(payload) && random.chance(0.6)) return '';
  return payload.includes("'") ? "'" : payload.includes('"') ? '"' : '';
}

/** A comment of a list of payloads, or one written with quotes that no literal is enclosed in. */
function isRemark(payload: string): boolean {
  return /^\s*(?:#|\/\/|--)\s+[a-z]/i.test(payload) || /^(?!-?\d)[^'"]*[’´`]/.test(payload);
}

/** Strings, and numbers and names that are compared, listed or sorted by. */
function placesOf(statement: string): Place[] {
  const out: Place[] = [];
  const tokens = lexStatement(statement)[0]!.filter((token) => !isComment(token));
  for (const [at, { kind, from, to, open }] of tokens.entries()) {
    if (open) continue;
    const text = statement.slice(from, to);
    const before = tokens[at - 1];
    if (kind === L.STRING && text.startsWith("'")) {
      out.push({ from, to, quote: "'", value: text.slice(1, -1) });
    } else if (kind === L.QUOTED && text.startsWith('"')) {
      if (before?.kind === L.OPERATOR || before?.kind === L.OPEN || before?.text === 'like')
        out.push({ from, to, quote: '"', value: text.slice(1, -1) });
    } else if (kind === L.NUMBER) out.push({ from, to, quote: '', value: text });
    else if (kind === L.WORD && before?.text === 'by' && tokens[at - 2]?.text === 'order') {
      out.push({ from, to, quote: '', value: text });
    }
  }
  return out;
}

/** Payloads begin with a value that the statement then has; those that do not are put behind the one that is there. */
function withValue(payload: string, { quote, value }: Place, random: Random): string {
  const kept = value.length <= longestKept && !value.includes("'") ? value : '1';
  if (quote !== '') return payload.startsWith(quote) && random.chance(0.4) ? kept + payload : payload;
  const hasValue = /^\s*\(*\s*[-+]?(?:\d|null\b|0x|@)/i.test(payload);
  const isValue = /^\s*(?:\(*select\b|\(*case\b|if\s*\(|[a-z_]\w*\s*\()/i.test(payload);
  if (hasValue || (isValue && random.chance(0.5))) return payload;
  return kept + (/^[\s)]/.test(payload) ? '' : ' ') + payload;
}

/** Payloads against values in brackets close them first; the brackets must have been there. */
function missingBrackets(value: string, quote: string): number {
  const outside = quote === '' ? value : value.slice(value.indexOf(quote));
  const closing = /^['"\s\d.%-]*([)\s]+)/.exec(outside)?.[1] ?? '';
  return closing.replaceAll(/\s/g, '').length;
}

/** What a web server makes of a payload that was written for an address. */
function decoded(payload: string, random: Random): string {
  let out = payload;
  if (/%(?:20|27|23|2[0-9a-f]|3[bd])/i.test(out) && random.chance(0.8)) {
    out = out.replace(/%([0-7][0-9a-f])/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
  if (!out.includes(' ') && /\+(?:or|and|union|select|order|all|from)\+/i.test(out))
    out = out.replaceAll('+', ' ');
  return out;
}

function isLiteral({ kind }: Lexeme): boolean {
  return kind === L.STRING || kind === L.NUMBER || kind === L.HEX;
}

function isComment({ kind }: Lexeme): boolean {
  return kind === L.LINE_COMMENT || kind === L.BLOCK_COMMENT;
}
