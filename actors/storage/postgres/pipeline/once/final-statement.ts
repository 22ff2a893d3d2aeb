const words = /[A-Za-z_]/;
const finals: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'delete', 'merge', 'values']);

/**
 * Where the statement proper of a plan begins: behind its WITH list, or at 0 when it has none. Knows what plans are
 * written with: quoted texts and names, parentheses; no comments, no dollar quotes.
 * @returns -1 for a text that ends before
 */
export function finalStatement(sql: string): number {
  if (!/^\s*with\s/i.test(sql)) return 0;
  let depth = 0;
  for (let at = sql.search(/\S/) + 4; at < sql.length; at++) {
    const character = sql[at] as string;
    if (character === "'" || character === '"') at = endOfQuoted(sql, at, character);
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (depth === 0 && words.test(character)) {
      const word = (/^\w+/.exec(sql.slice(at, at + 80)) as RegExpExecArray)[0];
      if (finals.has(word.toLowerCase())) return at;
      at += word.length - 1;
    }
  }
  return -1;
}

/** Position of the closing quote. A doubled quote is one text after another; only `E'…'` knows backslashes. */
function endOfQuoted(sql: string, start: number, quote: string): number {
  const escapes = quote === "'" && /(?:^|[^\w"])E$/i.test(sql.slice(Math.max(0, start - 2), start));
  let at = start + 1;
  while (at < sql.length && sql[at] !== quote) at += escapes && sql[at] === '\\' ? 2 : 1;
  return at;
}
