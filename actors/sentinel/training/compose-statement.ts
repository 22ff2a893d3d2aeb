import type { Random } from './random.ts';

const tables = [
  'orders',
  'customers',
  'singer',
  'concert',
  'tenk1',
  'int8_tbl',
  'public.film',
  '"Order"',
  'stadium',
  'date_dim',
  'cte',
  'employees',
  'x',
];
const columns = [
  'id',
  'name',
  'price',
  't1.name',
  'T2.id',
  'a',
  'b',
  'o.total',
  '"o"."kind"',
  'year',
  'country',
  'f1',
  'unique2',
  'x.q1',
];
const texts = [
  "'USA'",
  "'%a%'",
  "'2020-01-01'",
  "'it''s'",
  "''",
  "'AND'",
  '"France"',
  "'a b'",
  "'{1,2}'",
  "'x'::text",
  "E'\\\\n'",
];
const functions = [
  'count',
  'sum',
  'max',
  'min',
  'avg',
  'coalesce',
  'lower',
  'substring',
  'length',
  'abs',
  'date_trunc',
  'cast',
  'extract',
  'greatest',
  'concat',
  'round',
  'now',
  'to_char',
  'ascii',
  'version',
];

/** Writes honest statements of many shapes: joins, cases, common tables, nested selects, changes, definitions. */
class Composer {
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  statement(): string {
    const { random } = this;
    const way = random.below(14);
    const table = random.pick(tables);
    if (way < 8) return this.select(0);
    if (way === 8) return `WITH c AS (${this.select(1)}) ${this.select(1)}`;
    if (way === 9)
      return `INSERT INTO ${table} (a, b) VALUES ${this.list(() => `(${this.value(1)}, ${this.value(1)})`, 3)}`;
    if (way === 10)
      return `UPDATE ${table} SET a = ${this.value(1)}, b = ${this.value(1)} WHERE ${this.condition(1)}`;
    if (way === 11) return `DELETE FROM ${table} WHERE ${this.condition(1)}`;
    if (way === 12)
      return `CREATE TABLE t${random.below(99)} (${this.list(() => `${random.pick(['a', 'b', 'id'])} ${random.pick(['int', 'text', 'varchar(20)', 'numeric(10,2) DEFAULT 0', 'int CHECK (a > 0 OR a IS NULL)'])}`, 4)})`;
    return `CREATE VIEW v${random.below(99)} AS ${this.select(1)}`;
  }

  private select(depth: number): string {
    const { random } = this;
    let out = `SELECT ${random.chance(0.15) ? 'DISTINCT ' : ''}${random.chance(0.15) ? '*' : this.list(() => this.item(depth), 4)}`;
    if (random.chance(0.93)) {
      out += ` FROM ${depth < 2 && random.chance(0.12) ? `(${this.select(depth + 1)}) AS s` : `${random.pick(tables)}${random.chance(0.4) ? ' AS T1' : ''}`}`;
      while (random.chance(0.35))
        out += ` ${random.pick(['JOIN', 'LEFT JOIN', 'INNER JOIN', 'CROSS JOIN'])} ${random.pick(tables)} AS T2 ON ${random.pick(columns)} = ${random.pick(columns)}`;
      if (random.chance(0.65)) out += ` WHERE ${this.condition(depth)}`;
    }
    if (random.chance(0.25))
      out += ` GROUP BY ${random.pick(columns)}${random.chance(0.4) ? ` HAVING ${this.item(2)} > ${random.below(100)}` : ''}`;
    if (depth < 2 && random.chance(0.1))
      out += ` ${random.pick(['UNION', 'UNION ALL', 'EXCEPT', 'INTERSECT'])} ${this.select(depth + 1)}`;
    if (random.chance(0.3))
      out += ` ORDER BY ${random.pick([...columns, '1', '2', 'count(*)'])}${random.pick(['', ' DESC', ' ASC'])}`;
    if (random.chance(0.2)) out += ` LIMIT ${random.below(100)}`;
    return out;
  }

  private item(depth: number): string {
    const { random } = this;
    const way = random.below(10);
    if (way < 5) return random.pick(columns);
    if (way < 7)
      return `${random.pick(functions)}(${random.pick(['*', '', ...columns])})${random.chance(0.3) ? ' AS n' : ''}`;
    if (way === 7 && depth < 2)
      return `CASE WHEN ${this.condition(2)} THEN ${this.value(2)} ELSE ${this.value(2)} END`;
    return way === 8 && depth < 2
      ? `(${this.select(depth + 1)})`
      : `${this.value(2)}${random.chance(0.5) ? ' AS one' : ''}`;
  }

  private value(depth: number): string {
    const { random } = this;
    const way = random.below(9);
    if (way < 3) return String(random.below(10 ** (1 + random.below(4))));
    if (way < 6) return random.pick(texts);
    if (way === 6)
      return random.pick(['NULL', 'TRUE', 'FALSE', 'CURRENT_DATE', '-1', '1.5', '$1', ':name', '?']);
    if (way === 7 && depth < 2)
      return `${random.pick(functions)}(${this.value(depth + 1)}, ${this.value(depth + 1)})`;
    return `${random.pick(columns)} ${random.pick(['+', '*', '||', '-', '->', '%'])} ${random.pick([...texts, '1', '2'])}`;
  }

  private condition(depth: number): string {
    const { random } = this;
    const parts = [this.test(depth)];
    while (random.chance(0.4) && parts.length < 5)
      parts.push(random.pick(['AND', 'AND', 'OR', 'AND NOT']), this.test(depth));
    return parts.join(' ');
  }

  private test(depth: number): string {
    const { random } = this;
    const column = random.pick(columns);
    const way = random.below(12);
    if (way < 5)
      return `${column} ${random.pick(['=', '=', '<', '>', '<>', '>=', 'LIKE', '!=', 'ILIKE', '~'])} ${this.value(2)}`;
    if (way === 5) return `${column} IS ${random.pick(['', 'NOT '])}NULL`;
    if (way === 6) return `${column} IN (${this.list(() => this.value(2), 4)})`;
    if (way === 7) return `${column} BETWEEN ${this.value(2)} AND ${this.value(2)}`;
    if (way === 8 && depth < 2)
      return `${column} ${random.pick(['IN', '=', 'NOT IN', '> ALL'])} (${this.select(depth + 1)})`;
    if (way === 9 && depth < 2) return `${random.pick(['', 'NOT '])}EXISTS (${this.select(depth + 1)})`;
    return way === 10 ? `(${this.test(2)} OR ${this.test(2)})` : `${column} = ${random.pick(columns)}`;
  }

  private list(make: () => string, most: number): string {
    return Array.from({ length: 1 + this.random.below(most) }, make).join(', ');
  }
}

/** An honest statement; in lines, in one line, in lower case, with a comment, as people and tools write them. */
export function composeStatement(random: Random): string {
  let text = new Composer(random).statement();
  if (random.chance(0.3)) text = text.toLowerCase();
  if (random.chance(0.3)) {
    const indent = random.pick(['\n', '\n  ', '\n\t', '\r\n    ']);
    text = text.replace(/ (FROM|WHERE|AND|OR|ORDER|GROUP|JOIN|LEFT JOIN|WHEN|ELSE|UNION)\b/gi, `${indent}$1`);
  }
  if (random.chance(0.15)) text = text.replace(/(?<![\w.'"])([a-z_]\w*)\.([a-z_]\w*)/gi, '"$1"."$2"');
  if (random.chance(0.06))
    text = text.replace(' ', ` /* ${random.pick(['note', "isn't used", 'a, b', 'select'])} */ `);
  return random.chance(0.4) ? `${text};` : text;
}
