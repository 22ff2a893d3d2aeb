import type { FilterOperator } from '../../../parse/filter.ts';
import type { Aggregate } from '../../../query/query-params.ts';
import type { ConditionTree, TreeFilter } from './condition-tree.ts';
import { OptionReader } from './option-reader.ts';

const aggregates: ReadonlySet<string> = new Set<Aggregate>(['sum', 'avg', 'count', 'max', 'min']);
const operators = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike', 'in', 'is'] as const;
/** Deeper ones are no question but an attack on the parser. */
const deepest = 32;

const examples = {
  or: 'Write for example or=(age.gte.18,and(role.eq.admin,not.or(a.eq.1,b.is.null)),name.in.(x,y)).',
  having: 'Write for example having=count().gt.5 or having=or(avg(price).lt.3,max(price).gte.10).',
};

/**
 * Reads the list of `or=(…)`, `and=(…)` and those with `not.` before them.
 * @throws MF405
 */
export function parseLogic(name: 'or' | 'and' | 'not.or' | 'not.and', text: string): ConditionTree {
  const reader = new OptionReader(name, text, examples.or);
  const tree = readGroup(reader, name.endsWith('or') ? 'or' : 'and', name.startsWith('not.'), false, 0);
  if (!reader.done) throw reader.fault('expected the end');
  return tree;
}

/**
 * Reads `count().gt.5`, `genre_id.neq.3`, or a tree of such.
 * @throws MF405
 */
export function parseHaving(text: string): ConditionTree {
  const reader = new OptionReader('having', text, examples.having);
  const tree = readCondition(reader, true, 0);
  if (!reader.done)
    throw reader.fault('expected the end; a value with a comma or parenthesis goes in double quotes');
  return tree;
}

function readGroup(
  reader: OptionReader,
  operator: 'and' | 'or',
  negated: boolean,
  having: boolean,
  depth: number,
): ConditionTree {
  if (depth > deepest) throw reader.fault(`conditions are nested more than ${deepest} deep`);
  reader.expect('(');
  const children = [readCondition(reader, having, depth)];
  while (reader.take(',')) children.push(readCondition(reader, having, depth));
  if (!reader.take(')')) {
    throw reader.fault('expected , or ); a value with a comma or parenthesis goes in double quotes');
  }
  return { kind: 'logic', negated, operator, children };
}

function readCondition(reader: OptionReader, having: boolean, depth: number): ConditionTree {
  const { text, quoted } = reader.word('".,()');
  if (!quoted && text === 'not' && reader.take('.')) {
    const operator = reader.word('".,()').text;
    if (operator !== 'and' && operator !== 'or') throw reader.fault('not. here takes and(…) or or(…)');
    return readGroup(reader, operator, true, having, depth + 1);
  }
  if (text === '') throw reader.fault('expected a condition');
  if (!quoted && (text === 'and' || text === 'or') && reader.at('(')) {
    return readGroup(reader, text, false, having, depth + 1);
  }
  if (!quoted && reader.take('(')) {
    if (having && aggregates.has(text)) return readAggregate(reader, text as Aggregate);
    throw reader.fault('expected a column, a dot and an operator');
  }
  return { kind: 'filter', filter: readFilter(reader, text) };
}

/** After `count(`. */
function readAggregate(reader: OptionReader, aggregate: Aggregate): ConditionTree {
  const column = reader.word('".,()').text;
  reader.expect(')');
  if (column === '' && aggregate !== 'count') throw reader.fault(`${aggregate} needs a column`);
  return { kind: 'filter', filter: { ...readFilter(reader, column === '' ? '*' : column), aggregate } };
}

/** After the column: `.not.in.(1,2)`. */
function readFilter(reader: OptionReader, column: string): TreeFilter {
  if (!reader.take('.')) throw reader.fault('expected a dot and an operator');
  const negated = reader.take('not.');
  const operator = reader.word('".,()').text as FilterOperator;
  if (!operators.includes(operator) || !reader.take('.')) {
    throw reader.fault(`expected one of ${operators.join(', ')} and a dot`);
  }
  return { column, negated, operator, value: readValue(reader, operator) };
}

function readValue(reader: OptionReader, operator: FilterOperator): string {
  if (operator !== 'in') return reader.word('",()').text;
  if (!reader.take('(')) throw reader.fault('in takes a list in parentheses');
  const list = reader.inner();
  reader.expect(')');
  return `(${list})`;
}
