import { FeatureExtractor, type ModelKind } from '../learning/feature-extractor.ts';
import type { Features } from '../learning/features.ts';
import { attackValue } from './attack-grammar.ts';
import { composeStatement } from './compose-statement.ts';
import { escapeIntoStatement, injectIntoStatement } from './embed-in-statement.ts';
import { encodeText } from './encode-text.ts';
import { honestValue } from './honest-grammar.ts';
import { honestStatement } from './honest-statement.ts';
import { mutateAttack } from './mutate-attack.ts';
import { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';

/** What the trainer sees of a row. */
export interface Example {
  readonly windows: readonly Features[];
  readonly attack: boolean;
  readonly weight: number;
}

/** Rows of one source that are used; the big ones are two families of attacks. */
const mostRows = 7000;
const grammarRows = 12_000;
const attackGrammarRows = 7000;
const statementRows = 24_000;

/**
 * Examples to train one model on: the rows, weighted so that a big source does not drown the others, mutated and
 * encoded copies of both kinds, and honest text of our own grammar.
 */
export function makeExamples(rows: readonly TrainingRow[], kind: ModelKind, seed: number): Example[] {
  const random = new Random(seed);
  const extractor = new FeatureExtractor(kind);
  const texts = kind === 'values' ? values(rows, random) : statements(rows, random);
  const totals = new Map<string, number>();
  for (const { source, attack } of texts) totals.set(source + attack, (totals.get(source + attack) ?? 0) + 1);
  let attacks = 0;
  let honest = 0;
  const weigh = ({ source, attack }: TrainingRow): number => 1 / Math.sqrt(totals.get(source + attack)!);
  for (const row of texts) {
    if (row.attack) attacks += weigh(row);
    else honest += weigh(row);
  }
  // As much weight for the attacks as for half of the honest text: a false alarm is the worse fault.
  const attackFactor = texts.length / 3 / attacks;
  const honestFactor = (texts.length * 2) / 3 / honest;
  return texts.map((row) => ({
    windows: extractor.extract(row.text),
    attack: row.attack,
    weight: weigh(row) * (row.attack ? attackFactor : honestFactor),
  }));
}

function values(rows: readonly TrainingRow[], random: Random): TrainingRow[] {
  const chosen = limit(
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

function statements(rows: readonly TrainingRow[], random: Random): TrainingRow[] {
  const own = limit(
    rows.filter(({ kind }) => kind === 'query'),
    random,
  );
  const payloads = limit(
    rows.filter(({ kind, attack }) => kind === 'param' && attack),
    random,
  );
  const honestValues = rows.filter(({ kind, attack }) => kind === 'param' && !attack);
  const templates = own.filter(({ attack, text }) => !attack && text.length < 1200 && /\d|'/.test(text));
  const out = [...own];
  const add = (text: string | undefined, attack: boolean, source: string): void => {
    if (text !== undefined) out.push({ text, attack, source, kind: 'query' });
  };
  for (let at = 0; at < statementRows; at += 1) {
    const way = random.next();
    const template =
      way < 0.12
        ? honestStatement(random)
        : way < 0.45
          ? composeStatement(random)
          : random.pick(templates).text;
    const { text, source } = random.chance(0.3)
      ? { text: attackValue(random), source: 'grammar' }
      : random.pick(payloads);
    const payload = random.chance(0.4) ? mutateAttack(text, random) : text;
    add(injectIntoStatement(template, payload, random), true, `injected ${source}`);
    if (random.chance(0.6)) add(composeStatement(random), false, 'composed');
    add(escapeIntoStatement(template, random.pick(honestValues).text, random), false, 'escaped');
    if (random.chance(0.5)) add(honestStatement(random), false, 'honest-statements');
    if (random.chance(0.15)) add(`${template}; ${random.pick(templates).text}`, false, 'escaped');
    if (random.chance(0.1))
      add(`${template} -- ${random.pick(honestValues).text.replaceAll('\n', ' ')}`, false, 'commented');
    if (random.chance(0.05)) add(template.toLowerCase(), false, 'escaped');
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

function limit(rows: readonly TrainingRow[], random: Random): TrainingRow[] {
  const bySource = new Map<string, TrainingRow[]>();
  for (const row of rows) {
    const key = row.source + row.attack;
    const list = bySource.get(key) ?? [];
    if (list.length === 0) bySource.set(key, list);
    list.push(row);
  }
  return [...bySource.values()].flatMap((list) => random.shuffle(list).slice(0, mostRows));
}
