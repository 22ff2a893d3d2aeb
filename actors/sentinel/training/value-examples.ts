import { attackValue } from './attack-grammar.ts';
import { encodeText } from './encode-text.ts';
import { honestValue } from './honest-grammar.ts';
import { limitRows } from './limit-rows.ts';
import { mutateAttack } from './mutate-attack.ts';
import type { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';
import { rewriteAttack } from './rewrite-attack.ts';

const grammarRows = 24_000;
const attackGrammarRows = 14_000;

/** Values to train on: the rows, mutated, encoded and padded copies of both kinds, and text of our own grammars. */
export function valueExamples(rows: readonly TrainingRow[], random: Random): TrainingRow[] {
  const chosen = limitRows(
    rows.filter(({ kind }) => kind === 'param'),
    random,
  );
  const honest = chosen.filter(({ attack }) => !attack);
  const out = [...chosen];
  for (const row of chosen) {
    if (row.attack) {
      if (random.chance(0.6)) out.push({ ...row, text: mutateAttack(row.text, random) });
      if (random.chance(0.1)) out.push({ ...row, text: encodeText(row.text, random) });
      if (random.chance(0.6))
        out.push({ ...row, text: rewriteAttack(row.text, random, 1 + random.below(12)) });
      if (random.chance(0.25)) out.push({ ...row, text: `${random.pick(honest).text} ${row.text}` });
      if (random.chance(0.1)) out.push({ ...row, text: `${longText(honest, random)}${row.text}` });
      if (random.chance(0.04))
        out.push({ ...row, text: `${longText(honest, random)}${row.text} ${longText(honest, random)}` });
      if (random.chance(0.06)) out.push({ ...row, text: padding(random) + row.text });
      if (random.chance(0.15))
        out.push({ ...row, text: rewriteAttack(row.text, random, 10 + random.below(40)).slice(0, 1500) });
      continue;
    }
    const way = random.next();
    if (way < 0.05) out.push({ ...row, text: encodeText(row.text, random) });
    else if (way < 0.08) out.push({ ...row, text: row.text.toUpperCase() });
    else if (way < 0.13) out.push({ ...row, text: `${row.text} ${random.pick(honest).text}` });
    else if (way < 0.16)
      out.push({ ...row, text: JSON.stringify({ [random.pick(honest).text.slice(0, 12)]: row.text }) });
    else if (way < 0.18) out.push({ ...row, text: `"${row.text}"` });
    else if (way < 0.2) out.push({ ...row, text: `'${row.text}'` });
    else if (way < 0.21) out.push({ ...row, text: padding(random) + row.text });
    else if (way < 0.28) out.push({ ...row, text: longText(honest, random) });
    else if (way < 0.34) out.push({ ...row, text: fragment(row.text, random) });
  }
  for (let at = 0; at < grammarRows; at += 1) {
    out.push({ text: honestValue(random), attack: false, source: 'honest-grammar', kind: 'param' });
  }
  for (let at = 0; at < attackGrammarRows; at += 1) {
    out.push({ text: attackValue(random), attack: true, source: 'attack-grammar', kind: 'param' });
  }
  return out;
}

/** The same words again and again, as in front of a payload that hopes not to be read, or in a filled form. */
function padding(random: Random): string {
  const piece = random.pick([
    'lorem ipsum dolor sit amet, ',
    'test ',
    'a b ',
    "it's ok; ",
    '1,',
    'x=1&',
    '/**/',
    '(a) ',
    'abc. ',
    "'' ",
  ]);
  return piece.repeat(20 + random.below(120));
}

/** Honest lines joined to more than a window. */
export function longText(honest: readonly TrainingRow[], random: Random): string {
  let text = '';
  const length = 300 + random.below(1200);
  while (text.length < length) text += `${random.pick(honest).text}${random.pick([' ', '. ', '\n', ', '])}`;
  return text;
}

/** A piece as a search index or a diff cuts it: out of the middle, perhaps behind the number of its line. */
function fragment(text: string, random: Random): string {
  const places = [...text.matchAll(/(?<=\s)|(?=\s)|(?<=[({[;,])/g)].map(({ index }) => index);
  if (places.length < 4) return `${random.below(999)}${random.pick([' ', ': ', '', '| ', '\t'])}${text}`;
  const first = random.pick(places);
  const last = random.pick(places);
  const piece = text.slice(Math.min(first, last), Math.max(first, last)).trim();
  const kept = piece.length < 3 ? text : piece;
  return random.chance(0.2) ? `${random.below(999)}${random.pick(['', ' ', '    '])}${kept}` : kept;
}
