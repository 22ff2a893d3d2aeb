import { lexemeTest } from './lexeme-test.ts';
import type { statementFacts } from './statement-fact-names.ts';
import { lexeme as L, type Lexeme } from './statement-lexer.ts';
import { hasWord, statementWords as W } from './statement-words.ts';

type Fact = (typeof statementFacts)[number];

const { isLiteral } = lexemeTest;

/**
 * Counts what comments tell, and keywords in mixed case: a comment that cuts off the rest of a statement holds it.
 * @param all tokens of a statement
 */
export function countCommentFacts(
  source: string,
  all: readonly Lexeme[],
  add: (fact: Fact, count?: number) => void,
): void {
  for (const [place, token] of all.entries()) {
    if (token.kind !== L.LINE_COMMENT && token.kind !== L.BLOCK_COMMENT) continue;
    const before = all[place - 1];
    const next = all[place + 1];
    if (token.open) add('comment left open');
    if (token.kind === L.BLOCK_COMMENT) {
      if (token.text === '!') add('version comment');
      else if (before?.to === token.from && next?.from === token.to) add('comment instead of a blank');
      if (!token.open) continue;
    } else if (token.text === '#') add('hash comment');
    if (before === undefined || before.kind === L.LINE_COMMENT) continue;
    const sameLine = !source.slice(before.to, token.from).includes('\n');
    if (sameLine && (isLiteral(before) || before.kind === L.CLOSE)) add('comment behind a literal');
    if (!sameLine) continue;
    const inside = source
      .slice(token.from, token.to)
      .replace(/^(?:--|#|\/\*)[ +!-]*/, '')
      .trim();
    const isLast = next === undefined;
    if (isLast) add('comment at the end');
    if (isLast && inside === '') add('empty comment at the end');
    if (/^[%"')\]}]/.test(inside)) add('comment begins with a quote or bracket');
    if (/['"`)]\)?;?$/.test(inside)) add('comment begins with a quote or bracket', 0.5);
    if (
      /^\W*(?:and|or|order by|group by|where|limit|having|returning|union|on conflict|asc|desc|for update)\b/i.test(
        inside,
      )
    )
      add('comment begins with a clause');
    if (isLast && ((inside.match(/'/g)?.length ?? 0) & 1) === 1) add('odd quotes in the last comment');
    if (isLast) {
      let depth = 0;
      for (const one of all) depth += one.kind === L.OPEN ? 1 : one.kind === L.CLOSE ? -1 : 0;
      if (depth > 0) add('comment at the end leaves brackets open');
    }
  }
  let odd = 0;
  for (const { kind, from, to, text } of all) {
    if (kind !== L.WORD || !hasWord(text, W.KEYWORD)) continue;
    const written = source.slice(from, to);
    if (written !== text && written !== text.toUpperCase() && written.slice(1) !== text.slice(1)) odd += 1;
  }
  add('odd case of keywords', odd);
}
