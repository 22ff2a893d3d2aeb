import type { Random } from './random.ts';

/** One way to write an attack differently; it still does what it did. */
type Mutation = (text: string, random: Random) => string;

const blanks = ['\t', '\n', '\r\n', '  ', '/**/', '/*x*/', '+', '\u00a0', '\v', '\f'] as const;
const tails = ['--', '-- ', '-- -', '--+', '#', ';--', '/*', ';%00', '-- x', "-- '", ';'] as const;
const leads = [
  '1',
  '-1',
  'x',
  'admin',
  '',
  '7',
  "O'Neil",
  'a%',
  '2026-03-04',
  '/a/b.png',
  'me@example.org',
] as const;
const alwaysTrue = [
  ...[
    '1=1',
    '2<>3',
    "'a'='a'",
    "'a' like 'a'",
    '1 between 0 and 2',
    '0x41=0x41',
    '(select 7)=7',
    '3 in (3)',
    'true',
  ],
  ...[
    'not false',
    '9>8',
    '"q"="q"',
    '1337=1337',
    "'x'<>'y'",
    'null is null',
    '5 is not null',
    '4 ~ 4',
    "'k' ilike 'k'",
  ],
] as const;
const invariants = [
  'and 1=1',
  'and 7<>9',
  "and 'a'='a'",
  '&& 3>2',
  'or 0',
  'or 1=2',
  '|| false',
  'and not 0',
] as const;

const mutations: readonly Mutation[] = [
  (text, random) =>
    text.replace(/[a-z]/gi, (letter) => (random.chance(0.5) ? letter.toUpperCase() : letter.toLowerCase())),
  (text) => text.toLowerCase(),
  (text, random) => {
    const blank = random.pick(blanks);
    return text.replace(/(?<!--|#) (?=\S)/g, () => (random.chance(0.8) ? blank : ' '));
  },
  (text, random) => text.replace(/(?<!--|#) (?=\S)/g, () => random.pick(blanks)),
  (text, random) => text.replace(/(?<![\w.])\d{1,6}(?![\w.])/g, (number) => encodeInteger(number, random)),
  (text, random) => text.replace(/\/\*[^!*]{0,20}\*\//g, () => `/*${word(random)}*/`),
  (text, random) =>
    text.replace(/(--\s?[\w ]*|#\w*)$/, (tail) => `${tail}${tail === '--' ? ' ' : ''}${word(random)}`),
  (text, random) => text.replace(/\s+or\s+/gi, () => random.pick([' || ', '||', ' OR ', ' or ', ' xor '])),
  (text, random) => text.replace(/\s+and\s+/gi, () => random.pick([' && ', '&&', ' AND ', ' and '])),
  (text, random) =>
    text.replace(/(?<![<>!:=])=(?![=>])/g, () =>
      random.pick(['=', ' = ', ' like ', '= ', ' <=> ', ' rlike ']),
    ),
  (text, random) => text.replace(/\s*(?:<>|!=)\s*/g, () => random.pick(['<>', '!=', ' not like '])),
  (text, random) => text.replace(/\b(\d+)\s*=\s*\1\b/g, () => random.pick(alwaysTrue)),
  (text, random) =>
    text.replace(/(["'`])(\w+)\1\s*=\s*\1\2(?=\1|$)/g, (_, quote) => swapTautology(quote, random)),
  (text, random) => text.replace(/(\b\d+\s*[=<>]+\s*\d+\b)/, (test) => `${test} ${random.pick(invariants)}`),
  (text, random) => {
    const to = random.pick(["'", '"', '`']);
    return /["'`]/.test(text) ? text.replace(/["'`]/g, to) : text;
  },
  (text, random) => text.replace(/^[\w@.-]{0,12}(?=["'`)])/, () => random.pick(leads)),
  (text, random) => text.replace(/(?:;?\s*--[ +-]*|#|\/\*|;%00)$/, () => random.pick(tails)),
  (text, random) => text.replace(/\bunion\s+(?:all\s+|distinct\s+)?select\b/gi, () => joined(random)),
  (text, random) =>
    text.replace(
      /(["'`])(\s*)(?=or|and|union|order|having|group|like|limit)/gi,
      (_, quote) => `${quote}${random.pick(['', ' ', ')', ') ', ')) '])}`,
    ),
  (text, random) =>
    text.replace(/\b(union|select|where|sleep|from|or|and)\b/i, (found) => cut(found, random)),
];

/** Rewrites an attack in a few of the ways of WAF-A-MoLE (Demetrio et al., 2020) and of tamper scripts. */
export function mutateAttack(text: string, random: Random, times: number = 1 + random.below(4)): string {
  let out = text;
  for (let time = 0; time < times; time += 1) out = random.pick(mutations)(out, random);
  return out;
}

function encodeInteger(number: string, random: Random): string {
  const value = Number(number);
  const way = random.below(6);
  if (way === 0) return `0x${value.toString(16)}`;
  if (way === 1) return `(select ${number})`;
  if (way === 2) return `${number}.0`;
  if (way === 3) return `(${number})`;
  return way === 4 ? String(random.below(9999)) : number;
}

function swapTautology(quote: string, random: Random): string {
  const value = word(random);
  const operator = random.pick(['=', ' = ', ' like ', '>=', ' ilike ', ' similar to ', '<=']);
  return `${quote}${value}${quote}${operator}${quote}${value}`;
}

function joined(random: Random): string {
  return random.pick([
    'union select',
    'union all select',
    'union distinct select',
    'union(select',
    'union/**/select',
    'union values',
    'union all table',
  ]);
}

function cut(word_: string, random: Random): string {
  const at = 1 + random.below(word_.length - 1);
  return random.chance(0.5) ? `${word_.slice(0, at)}/**/${word_.slice(at)}` : `/*!50000${word_}*/`;
}

function word(random: Random): string {
  let out = '';
  for (let length = 1 + random.below(6); length > 0; length -= 1)
    out += String.fromCharCode(97 + random.below(26));
  return out;
}
