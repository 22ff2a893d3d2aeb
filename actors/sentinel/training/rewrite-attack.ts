import type { Random } from './random.ts';

/** One way to write an attack differently that does not change what it does. */
type Rewriting = (text: string, random: Random) => string;

const blanks = [' ', '\t', '\n', '\f', '\v', '\r\n', '  ', '\u00a0', '/**/'] as const;
const blank = /(?:[ \t\n\f\v\r\u00a0]|\/\*\*\/)(?=\S)/g;
const number = /(?<![\w.'"`@$])\d{1,6}(?![\w.'"`])/g;
const comparison = '(?:=|<>|!=|<=|>=|<|>|\\blike\\b)';
const numberTest = new RegExp(`(?<![\\w.'"\`@])\\d+\\s*${comparison}\\s*\\d+(?![\\w.'"\`])`, 'gi');
const comment_ = /\/\*(?!!)[\s\S]*?\*\//g;
const tailShare = 0.12;
const tail = /(?:--[ +\t-]|--$|#)[^\n'"`]{0,400}$/;

const alwaysTrue = [
  (a: string) => `${a}=${a}`,
  (a: string) => `${a} like ${a}`,
  (a: string, b: string) => (a === b ? `${a}=${b}` : `${a}<>${b}`),
  (a: string, b: string) => (a === b ? `${a} = ${b}` : `${a} != ${b}`),
  (a: string, b: string) => (a === b ? `${a}=${b}` : `${a} not like ${b}`),
  (a: string) => `${a}=(select ${a})`,
  (a: string) => `(${a})=(${a})`,
  (a: string) => `0x${Number(a).toString(16)}=${a}`,
  (a: string) => `${a} in (${a})`,
  (a: string) => `${a} between 0 and ${a}`,
  () => "'a'='a'",
  () => "'ab' like 'ab'",
  () => "'x'<>'y'",
  () => '"q" = "q"',
] as const;

const rewritings: readonly Rewriting[] = [
  (text, random) =>
    text.replace(/[a-z]/gi, (letter) => (random.chance(0.5) ? letter.toUpperCase() : letter.toLowerCase())),
  (text, random) => replaceOne(text, /\b[a-z]{2,}\b/gi, (found) => found.toUpperCase(), random),
  (text, random) => replaceOne(text, blank, () => random.pick(blanks), random),
  (text, random) => {
    const to = random.pick(blanks);
    return replaceBlanks(text, () => (random.chance(0.7) ? to : ' '));
  },
  (text, random) => replaceBlanks(text, () => random.pick(blanks)),
  (text, random) => replaceOne(text, blank, () => `/*${letters(random, 8)}*/`, random),
  (text, random) => replaceOne(text, /\/\*(?!!)[^*'"`]*\*\//g, () => `/*${phrase(random)}*/`, random),
  (text, random) =>
    replaceOne(text, /(?<=[\w'"`)])(?=[=<>!,|&)(])(?<!\w(?=\())/g, () => random.pick(blanks), random),
  (text, random) => replaceOne(text, /(?<=[=<>,|&(])(?=[\w'"`(])/g, () => random.pick(blanks), random),
  (text, random) => replaceOne(text, number, (found) => encodeInteger(found, random), random),
  (text, random) => text.replace(number, (found) => encodeInteger(found, random)),
  (text, random) =>
    replaceOne(
      text,
      /\s+or\s+|\s*\|\|\s*(?=\d|\(|true|not)/gi,
      () => random.pick([' || ', '||', ' OR ', ' or ']),
      random,
    ),
  (text, random) =>
    replaceOne(text, /\s+and\s+|\s*&&\s*/gi, () => random.pick([' && ', '&&', ' AND ', ' and ']), random),
  (text, random) =>
    replaceOne(
      text,
      /(?<![<>!:=]\s*)=(?![=>])/g,
      () => random.pick(['=', ' = ', ' like ', ' LIKE ', '= ']),
      random,
    ),
  (text, random) =>
    replaceOne(
      text,
      /\s*(?:<>|!=|\bnot\s+like\b)\s*/gi,
      () => random.pick([' <> ', '!=', ' != ', '<>', ' not like ', ' NOT LIKE ']),
      random,
    ),
  (text, random) =>
    replaceOne(
      text,
      /(?<![\w.'"`@])(\d+)\s*(?:=|\blike\b)\s*\1(?![\w.'"`])/gi,
      () => random.pick(alwaysTrue)(String(1 + random.below(9998)), String(1 + random.below(9998))),
      random,
    ),
  (text, random) =>
    text.replace(/(["'])(\w+)\1\s*(?:=|\blike\b)\s*\1\2(?=\1|$)/i, (_, quote: string) => {
      const value = letters(random, 8);
      return `${quote}${value}${quote}${random.pick(['=', ' = ', ' like ', '>=', '<='])}${quote}${value}`;
    }),
  (text, random) => replaceOne(text, numberTest, (found) => `${found}${invariant(random)}`, random),
  (text, random) => replaceOne(text, numberTest, (found) => `${found}${invariant(random)}`, random),
  (text, random) => (/\d\s*$/.test(text) ? text.trimEnd() + invariant(random) : text),
  (text, random) =>
    text.replace(
      /\bunion(\s+)(?:all\s+|distinct\s+)?select\b/gi,
      (_, gap: string) => `union${gap}${random.pick(['', 'all ', 'distinct '])}select`,
    ),
  (text, random) =>
    replaceOne(
      text,
      /\b(?:union|select|where|from|sleep|benchmark)\b/gi,
      (found) => `/*!50000${found}*/`,
      random,
    ),
];

/**
 * Rewrites an attack without changing what it does, with the mutations of WAF-A-MoLE (Demetrio et al., "WAF-A-MoLE:
 * evading web application firewalls through adversarial machine learning", SAC 2020): case, blanks, comments and their
 * text, integers, operators, tautologies, and invariants that are added. What stands in quotes is left alone, mostly.
 */
export function rewriteAttack(text: string, random: Random, times = 1): string {
  // A comment that cuts off the rest must go on to the end.
  const cut = tail.exec(text)?.index ?? text.length;
  let body = text.slice(0, cut);
  let comment = text.slice(cut);
  for (let time = 0; time < times; time += 1) {
    if (comment !== '' && random.chance(tailShare)) comment = rewriteTail(comment, random);
    else body = random.pick(rewritings)(body, random);
  }
  return body + comment;
}

function rewriteTail(comment: string, random: Random): string {
  const begun = /^--$/.test(comment) ? '-- ' : comment;
  if (random.chance(0.4)) return begun.replace(/(?<=^--[ +\t-]|^#).*$/, phrase(random));
  return begun + (random.chance(0.3) ? phrase(random) : letters(random, 6));
}

function replaceOne(
  text: string,
  pattern: RegExp,
  change: (found: string) => string,
  random: Random,
): string {
  const found = [...text.matchAll(pattern)].filter(isOutside(text));
  if (found.length === 0) return text;
  const match = random.pick(found);
  return text.slice(0, match.index) + change(match[0]) + text.slice(match.index + match[0].length);
}

/** Tells matches in the text of a comment from the others; a comment itself is none in a comment. */
function isOutside(text: string): (match: { readonly index: number }) => boolean {
  const comments = [...text.matchAll(comment_)].map(
    ({ index, 0: found }) => [index, index + found.length] as const,
  );
  return ({ index }) => !comments.some(([from, to]) => index > from && index < to);
}

/** Blanks outside of comments. */
function replaceBlanks(text: string, change: () => string): string {
  const outside = isOutside(text);
  return text.replace(blank, (found, index: number) => (outside({ index }) ? change() : found));
}

function encodeInteger(found: string, random: Random): string {
  const value = Number(found);
  const way = random.below(7);
  if (way === 0) return `0x${value.toString(16)}`;
  if (way === 1) return `(select ${found})`;
  if (way === 2) return `${found}.0`;
  if (way === 3) return `(${found})`;
  if (way === 4) return `${value + 1}-1`;
  return way === 5 ? `${found}e0` : `(SELECT ${found})`;
}

function invariant(random: Random): string {
  const a = random.below(9999);
  const b = 10_000 + random.below(9999);
  const and = random.pick([' and ', ' AND ', ' && ']);
  const or = random.pick([' or ', ' OR ', ' || ']);
  return random.pick([
    `${and}true`,
    `${or}false`,
    `${and}${a}=${a}`,
    `${and}${a}<>${b}`,
    `${and}${a}<${b}`,
    `${and}${a} not like ${b}`,
    `${or}${a}=${b}`,
    `${or}${b} like ${a}`,
    `${or}0`,
    `${and}1`,
    `${and}not ${a}=${b}`,
    `${and}(select ${a})=${a}`,
  ]);
}

function letters(random: Random, most: number): string {
  let out = '';
  for (let length = 1 + random.below(most); length > 0; length -= 1)
    out += random.pick('abcdefghijklmnopqrstuvwxyzABCDEFXYZ0123456789'.split(''));
  return out;
}

function phrase(random: Random): string {
  const words: string[] = [];
  for (let count = 1 + random.below(5); count > 0; count -= 1) {
    words.push(
      random.chance(0.6)
        ? random.pick([
            'the',
            'a',
            'house',
            'of',
            'please',
            'hello',
            'new',
            'and',
            'we',
            'river',
            'is',
            'for',
            'name',
            'blue',
            '(ok)',
            'day.',
          ])
        : letters(random, 7),
    );
  }
  return words.join(' ');
}
