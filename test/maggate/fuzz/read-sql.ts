import type { FuzzCondition, FuzzEmbed, FuzzItem, FuzzNode, FuzzOrder, JsonPath } from './fuzz-read.ts';
import { embedName } from './fuzz-read.ts';
import { ident, literal } from './quote.ts';

/**
 * The question of a read in plain SQL: subqueries instead of joins, literals instead of parameters. It knows nothing of
 * how the gateway does it.
 * @param source what the rows come from, when it is not the table itself
 */
export function readSql(node: FuzzNode, source?: string): string {
  return `select coalesce(json_agg(x), '[]')::text as body from (${rowsSql(node, 't', undefined, source)}) x`;
}

/** How many rows there are without limits. */
export function countSql(node: FuzzNode, source?: string): string {
  const all = { ...node, order: [], limit: undefined, offset: undefined };
  return `select count(*)::int as total from (${rowsSql(all, 't', undefined, source)}) x`;
}

/** Conditions of a write on its table, by the table's own name. */
export function conditionsSql(where: readonly FuzzCondition[], alias: string): string {
  return where.length === 0 ? '' : ` where ${where.map((one) => conditionSql(one, alias)).join(' and ')}`;
}

/** Columns of a row as they are shown. */
export function itemsSql(items: readonly FuzzItem[], alias: string): string {
  return items.map((item) => itemSql(item, alias)).join(', ');
}

function rowsSql(node: FuzzNode, alias: string, joins: string[] | undefined, source?: string): string {
  const shown = [
    ...node.items.map((item) => itemSql(item, alias)),
    ...node.embeds.flatMap((embed, index) => shownEmbed(embed, alias, `${alias}_${index}`)),
  ];
  const where = [
    ...(joins ?? []),
    ...node.where.map((condition) => conditionSql(condition, alias, node)),
    ...node.embeds.map((embed, index) => {
      const rows = embedRows(embed, alias, `${alias}_${index}`);
      // What is not shown is looked at all the same: its rights are asked for.
      return embed.inner ? `exists (${rows})` : `(select count(*) from (${rows}) c) >= 0`;
    }),
  ];
  const grouped = node.items.some(({ kind }) => kind === 'aggregate')
    ? node.items.flatMap((item) => (item.kind === 'column' ? [field(item, alias)] : []))
    : [];
  const order = node.order.map((term) => orderSql(term, alias, node));
  return [
    `select ${shown.join(', ')} from ${source ?? ident(node.table.name)} ${alias}`,
    where.length === 0 ? '' : `where ${where.join(' and ')}`,
    grouped.length === 0 ? '' : `group by ${grouped.join(', ')}`,
    order.length === 0 ? '' : `order by ${order.join(', ')}`,
    node.limit === undefined ? '' : `limit ${node.limit}`,
    node.offset === undefined ? '' : `offset ${node.offset}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function embedRows({ relation, node }: FuzzEmbed, parent: string, alias: string): string {
  const { junction, pairs } = relation;
  if (junction === undefined) {
    const joins = pairs.map(([from, to]) => `${alias}.${ident(to)} = ${parent}.${ident(from)}`);
    return rowsSql(node, alias, joins);
  }
  const through = `${alias}_j`;
  const conditions = [
    ...junction.source.map(([from, own]) => `${through}.${ident(own)} = ${parent}.${ident(from)}`),
    ...junction.target.map(([own, to]) => `${through}.${ident(own)} = ${alias}.${ident(to)}`),
  ].join(' and ');
  const joins = [`exists (select 1 from ${ident(junction.table.name)} ${through} where ${conditions})`];
  return rowsSql(node, alias, joins);
}

function shownEmbed(embed: FuzzEmbed, parent: string, alias: string): string[] {
  const { node, relation, spread } = embed;
  const rows = embedRows(embed, parent, alias);
  if (spread) {
    return node.items.flatMap((item) => {
      if (item.kind !== 'column' || item.alias === undefined)
        throw new Error('A spread shows named columns.');
      const name = ident(item.alias);
      const value = relation.toOne
        ? `(select s.${name} from (${rows}) s)`
        : `(select coalesce(json_agg(s.${name}), '[]') from (${rows}) s)`;
      return [`${value} as ${name}`];
    });
  }
  if (showsNothing(node)) return [];
  const value = relation.toOne
    ? `(select row_to_json(s) from (${rows}) s)`
    : `(select coalesce(json_agg(s), '[]') from (${rows}) s)`;
  return [`${value} as ${ident(embedName(embed))}`];
}

function showsNothing(node: FuzzNode): boolean {
  return node.items.length === 0 && node.embeds.every((embed) => showsNothing(embed.node));
}

function itemSql(item: FuzzItem, alias: string): string {
  if (item.kind === 'star') return `${alias}.*`;
  const cast = item.cast === undefined ? '' : `::${item.cast}`;
  if (item.kind === 'aggregate') {
    // Rows are counted as whole rows, which takes the right to all columns.
    const value = `${alias}.${item.column === undefined ? '*' : ident(item.column.name)}`;
    return `(${item.name}(${value}))${cast} as ${ident(item.alias)}`;
  }
  return `(${field(item, alias)})${cast} as ${ident(item.alias ?? item.column.name)}`;
}

function field({ column, path }: { column: { name: string }; path: JsonPath }, alias: string): string {
  const steps = path.map(
    ({ text, key }) => `${text ? '->>' : '->'}${typeof key === 'number' ? `(${key})` : literal(key)}`,
  );
  return `${alias}.${ident(column.name)}${steps.join('')}`;
}

function orderSql(term: FuzzOrder, alias: string, node: FuzzNode): string {
  const { embed, descending, nullsFirst } = term;
  let value = field(term, alias);
  if (embed !== undefined) {
    const index = node.embeds.indexOf(embed);
    const item: FuzzItem = {
      kind: 'column',
      column: term.column,
      path: term.path,
      cast: undefined,
      alias: 'o',
    };
    const one = { ...embed, node: { ...embed.node, items: [item], embeds: embed.node.embeds } };
    const rows = embedRows(one, alias, `${alias}_${index}`);
    value = `(select s.o from (${rows}) s)`;
  }
  const nulls = nullsFirst === undefined ? '' : nullsFirst ? ' nulls first' : ' nulls last';
  return `${value}${descending === true ? ' desc' : ''}${nulls}`;
}

function conditionSql(condition: FuzzCondition, alias: string, node?: FuzzNode): string {
  const not = condition.negated ? 'not ' : '';
  if (condition.kind === 'group') {
    const children = condition.children.map((child) => conditionSql(child, alias, node));
    return `${not}(${children.join(` ${condition.operator} `)})`;
  }
  if (condition.kind === 'embedded') {
    const index = node?.embeds.indexOf(condition.embed) ?? -1;
    const rows = embedRows(condition.embed, alias, `${alias}_${index}`);
    return condition.negated ? `exists (${rows})` : `not exists (${rows})`;
  }
  return `${not}(${testSql(field(condition, alias), condition.operator, condition.values, isVector(condition))})`;
}

function isVector({ path, column }: Extract<FuzzCondition, { kind: 'test' }>): boolean {
  return path.length === 0 && (column.kind as string) === 'tsvector';
}

const operators: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'like',
  ilike: 'ilike',
  match: '~',
  imatch: '~*',
  cs: '@>',
  cd: '<@',
  ov: '&&',
  sl: '<<',
  sr: '>>',
  nxr: '&<',
  nxl: '&>',
  adj: '-|-',
  isdistinct: 'is distinct from',
};
const queries: Readonly<Record<string, string>> = {
  fts: 'to_tsquery',
  plfts: 'plainto_tsquery',
  phfts: 'phraseto_tsquery',
  wfts: 'websearch_to_tsquery',
};

function testSql(value: string, operator: string, values: readonly string[], vector: boolean): string {
  if (operator.startsWith('is.')) return `${value} is ${operator.slice(3).replace('_', ' ')}`;
  const [, name = '', argument] = /^(\w+)(?:\((\w+)\))?$/.exec(operator) ?? [];
  const text = values[0] ?? '';
  if (name === 'in') {
    // An empty text alone is the empty list.
    const none = values.length === 0 || (values.length === 1 && text === '');
    return none ? `${value} = any ('{}')` : `${value} in (${values.map(literal).join(', ')})`;
  }
  if (name in queries) {
    const language = argument === undefined ? '' : `${literal(argument)}, `;
    const document = vector ? value : `to_tsvector(${language}${value})`;
    return `${document} @@ ${queries[name]}(${language}${literal(text)})`;
  }
  const isLike = name === 'like' || name === 'ilike';
  const stars = (one: string) => (isLike ? one.replaceAll('*', '%') : one);
  if (argument !== undefined) {
    const items = values.map((one) => `"${stars(one).replaceAll(/["\\]/g, '\\$&')}"`);
    return `${value} ${operators[name]} ${argument} (${literal(`{${items.join(',')}}`)})`;
  }
  return `${value} ${operators[name]} ${literal(stars(text))}`;
}
