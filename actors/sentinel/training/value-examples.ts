import { attackValue } from './attack-grammar.ts';
import { encodeText } from './encode-text.ts';
import { honestValue } from './honest-grammar.ts';
import { limitRows } from './limit-rows.ts';
import { mutateAttack } from './mutate-attack.ts';
import type { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';

const grammarRows = 12_000;
const attackGrammarRows = 7000;

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
      out.push({ ...row, text: mutateAttack(row.text, random) });
      if (random.chance(0.1)) out.push({ ...row, text: encodeText(row.text, random) });
      if (random.chance(0.08)) out.push({ ...row, text: longText(honest, random) + row.text });
      if (random.chance(0.05)) out.push({ ...row, text: padding(random) + row.text });
      if (random.chance(0.15))
        out.push({ ...row, text: mutateAttack(row.text, random, 5 + random.below(30)).slice(0, 1200) });
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
    else if (way < 0.25) out.push({ ...row, text: longText(honest, random) });
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
function longText(honest: readonly TrainingRow[], random: Random): string {
  let text = '';
  const length = 300 + random.below(1200);
  while (text.length < length) text += `${random.pick(honest).text}${random.pick([' ', '. ', '\n', ', '])}`;
  return text;
}
