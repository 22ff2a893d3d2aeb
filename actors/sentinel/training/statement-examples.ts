import { attackValue } from './attack-grammar.ts';
import { composeStatement } from './compose-statement.ts';
import { escapeIntoStatement, injectIntoStatement } from './embed-in-statement.ts';
import { honestStatement, programStatement } from './honest-statement.ts';
import { limitRows } from './limit-rows.ts';
import { mutateAttack } from './mutate-attack.ts';
import type { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';

const statementRows = 32_000;

/** Statements to train on: the rows, payloads put into honest statements, honest values escaped into them. */
export function statementExamples(rows: readonly TrainingRow[], random: Random): TrainingRow[] {
  const own = limitRows(
    rows.filter(({ kind }) => kind === 'query'),
    random,
  );
  const payloads = limitRows(
    rows.filter(({ kind, attack }) => kind === 'param' && attack),
    random,
  );
  const honestValues = rows.filter(({ kind, attack }) => kind === 'param' && !attack);
  const templates = own.filter(({ attack, text }) => !attack && text.length < 1200 && /\d|'/.test(text));
  const out = [...own];
  const add = (text: string | undefined, attack: boolean, source: string): void => {
    if (text !== undefined) out.push({ text, attack, source, kind: 'query' });
  };
  const template = (): string => {
    const way = random.next();
    if (way < 0.3) return programStatement(random);
    if (way < 0.45) return honestStatement(random);
    return way < 0.65 ? composeStatement(random) : random.pick(templates).text;
  };
  for (let at = 0; at < statementRows; at += 1) {
    const { text, source } = random.chance(0.3)
      ? { text: attackValue(random), source: 'grammar' }
      : random.pick(payloads);
    const payload = random.chance(0.4) ? mutateAttack(text, random) : text;
    let injected: string | undefined;
    for (let attempt = 0; attempt < 3 && injected === undefined; attempt += 1)
      injected = injectIntoStatement(template(), payload, random);
    add(injected, true, `injected ${source}`);
    add(escapeIntoStatement(template(), random.pick(honestValues).text, random), false, 'escaped');
    if (random.chance(0.5)) add(composeStatement(random), false, 'composed');
    add(honestStatement(random), false, 'honest-statements');
    if (random.chance(0.1)) add(`${template()}; ${template()}`, false, 'several');
    if (random.chance(0.1))
      add(`${template()} -- ${random.pick(honestValues).text.replaceAll('\n', ' ')}`, false, 'commented');
    if (random.chance(0.05)) add(random.pick(templates).text.toLowerCase(), false, 'escaped');
  }
  return out;
}
