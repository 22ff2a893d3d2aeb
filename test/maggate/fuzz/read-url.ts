import {
  embedName,
  type FuzzCondition,
  type FuzzEmbed,
  type FuzzItem,
  type FuzzNode,
  type FuzzOrder,
  type JsonPath,
} from './fuzz-read.ts';
import { wireName, wireQuoted } from './quote.ts';

/** A read as the query string a client of PostgREST would send. */
export function readQuery(node: FuzzNode): string {
  const parameters: [string, string][] = [['select', selectText(node)]];
  collect(node, '', parameters);
  return parameters
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

/** Conditions alone: of a write. */
export function conditionParameters(where: readonly FuzzCondition[], prefix = ''): [string, string][] {
  return where.map((condition): [string, string] => {
    if (condition.kind === 'group') {
      const name = `${condition.negated ? 'not.' : ''}${condition.operator}`;
      return [`${prefix}${name}`, `(${condition.children.map(inner).join(',')})`];
    }
    if (condition.kind === 'embedded') {
      const test = condition.negated ? 'not.is.null' : 'is.null';
      return [`${prefix}${wireName(embedName(condition.embed))}`, test];
    }
    return [
      `${prefix}${fieldText(condition)}`,
      `${condition.negated ? 'not.' : ''}${testText(condition, false)}`,
    ];
  });
}

export function selectText(node: FuzzNode): string {
  return [...node.items.map(itemText), ...node.embeds.map(embedText)].join(',');
}

function collect(node: FuzzNode, prefix: string, parameters: [string, string][]): void {
  parameters.push(...conditionParameters(node.where, prefix));
  if (node.order.length > 0) parameters.push([`${prefix}order`, node.order.map(orderText).join(',')]);
  if (node.limit !== undefined) parameters.push([`${prefix}limit`, String(node.limit)]);
  if (node.offset !== undefined) parameters.push([`${prefix}offset`, String(node.offset)]);
  for (const embed of node.embeds) {
    collect(embed.node, `${prefix}${wireName(embedName(embed))}.`, parameters);
  }
}

function itemText(item: FuzzItem): string {
  if (item.kind === 'star') return '*';
  const cast = item.cast === undefined ? '' : `::${item.cast}`;
  const alias = item.alias === undefined ? '' : `${wireName(item.alias)}:`;
  if (item.kind === 'column') return `${alias}${fieldText(item)}${cast}`;
  const column = item.column === undefined ? '' : `${wireName(item.column.name)}.`;
  return `${alias}${column}${item.name}()${cast}`;
}

function embedText(embed: FuzzEmbed): string {
  const { relation, alias, inner: isInner, spread, node } = embed;
  const name = alias === undefined ? '' : `${wireName(alias)}:`;
  const hint = relation.hint === undefined ? '' : `!${wireName(relation.hint)}`;
  // A spread has no name of its own.
  const start = spread ? '...' : name;
  return `${start}${wireName(relation.target)}${hint}${isInner ? '!inner' : ''}(${selectText(node)})`;
}

function orderText({ column, path, descending, nullsFirst, embed }: FuzzOrder): string {
  const field = fieldText({ column, path });
  const text = embed === undefined ? field : `${wireName(embedName(embed))}(${field})`;
  const way = descending === undefined ? '' : descending ? '.desc' : '.asc';
  const nulls = nullsFirst === undefined ? '' : nullsFirst ? '.nullsfirst' : '.nullslast';
  return `${text}${way}${nulls}`;
}

function fieldText({ column, path }: { column: { name: string }; path: JsonPath }): string {
  const steps = path.map(({ text, key }) => {
    const step = typeof key === 'number' ? String(key) : wireName(key);
    return `${text ? '->>' : '->'}${step}`;
  });
  return `${wireName(column.name)}${steps.join('')}`;
}

/** A condition inside of `and=(…)`. */
function inner(condition: FuzzCondition): string {
  if (condition.kind === 'group') {
    const name = `${condition.negated ? 'not.' : ''}${condition.operator}`;
    return `${name}(${condition.children.map(inner).join(',')})`;
  }
  if (condition.kind === 'embedded') {
    return `${wireName(embedName(condition.embed))}.${condition.negated ? 'not.' : ''}is.null`;
  }
  return `${fieldText(condition)}.${condition.negated ? 'not.' : ''}${testText(condition, true)}`;
}

type Test = Extract<FuzzCondition, { kind: 'test' }>;

function testText({ operator, values }: Test, inLogic: boolean): string {
  if (operator.startsWith('is.')) return operator;
  if (operator === 'in') return `in.(${values.map(wireQuoted).join(',')})`;
  const text = operator.includes('(a') ? arrayText(values) : (values[0] as string);
  return `${operator}.${inLogic ? wireQuoted(text) : text}`;
}

/** An array as PostgreSQL reads it. */
function arrayText(values: readonly string[]): string {
  return `{${values.map(wireQuoted).join(',')}}`;
}
