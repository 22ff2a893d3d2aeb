import type { Aggregate, SelectNode } from '../../../query/query-params.ts';
import { OptionReader } from './option-reader.ts';

const aggregates: ReadonlySet<string> = new Set<Aggregate>(['sum', 'avg', 'count', 'max', 'min']);
const joins: ReadonlySet<string> = new Set(['inner', 'left']);
/** Deeper ones are no question but an attack on the parser. */
const deepest = 32;
const example = 'Write for example fields=id,name,album(id,title),items!inner(qty),count():total.';

/**
 * Reads `id,album(id,title),items!inner(qty):lines,avg(price):mean`: columns, relations with their own list, aggregates;
 * a name to show it by after a colon. `!` gives how to join or, where several relationships lead there, which one.
 * `...album(title)` shows the columns of a relation as the row's own.
 * @throws MF405
 */
export function parseTreeFields(text: string): readonly SelectNode[] {
  const reader = new OptionReader('fields', text, example);
  const nodes = readList(reader);
  if (!reader.done) throw reader.fault('expected a comma');
  return nodes;
}

function readList(reader: OptionReader, depth = 0): readonly SelectNode[] {
  if (depth > deepest) throw reader.fault(`relations are nested more than ${deepest} deep`);
  const nodes = [readItem(reader, depth)];
  while (reader.take(',')) nodes.push(readItem(reader, depth));
  return nodes;
}

function readItem(reader: OptionReader, depth: number): SelectNode {
  const spread = reader.take('...');
  const { text, quoted } = reader.word('",()!:');
  const name = quoted ? text : text.trim();
  if (name === '') throw reader.fault('expected a name');
  let hint: string | undefined;
  let join: 'inner' | 'left' | undefined;
  let related = spread;
  while (reader.take('!')) {
    const word = reader.word('",()!:');
    related = true;
    if (!word.quoted && joins.has(word.text)) join = word.text as 'inner' | 'left';
    else hint = word.text;
  }
  if (!related && !quoted && aggregates.has(name) && reader.take('(')) return readAggregate(reader, name);
  if (!reader.take('(')) {
    if (related) throw reader.fault('expected ( and the columns of the relation');
    const field = { name, jsonPath: [] };
    const alias = readAlias(reader);
    return { kind: 'field', field, alias, cast: undefined, aggregate: undefined, aggregateCast: undefined };
  }
  const select = reader.take(')') ? [] : readList(reader, depth + 1);
  if (select.length > 0) reader.expect(')');
  if (spread) return { kind: 'spread', relation: name, hint, join, select };
  return { kind: 'relation', relation: name, alias: readAlias(reader), hint, join, select };
}

/** After `avg(`. An aggregate is shown by its own name when it has no other. */
function readAggregate(reader: OptionReader, name: string): SelectNode {
  const aggregate = name as Aggregate;
  const column = reader.word('",()!:').text;
  reader.expect(')');
  if (column === '' && aggregate !== 'count') throw reader.fault(`${name} needs a column`);
  const field = { name: column === '' ? '*' : column, jsonPath: [] };
  const alias = readAlias(reader) ?? name;
  return { kind: 'field', field, alias, cast: undefined, aggregate, aggregateCast: undefined };
}

function readAlias(reader: OptionReader): string | undefined {
  if (!reader.take(':')) return undefined;
  const alias = reader.word('",()!:').text;
  if (alias === '') throw reader.fault('expected a name after the colon');
  return alias;
}
