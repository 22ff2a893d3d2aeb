import type { Dice } from './dice.ts';
import type { FuzzCondition } from './fuzz-read.ts';
import type { FuzzColumn, FuzzTable } from './fuzz-schema.ts';
import { kinds } from './kinds.ts';
import { ident, literal, wireName } from './quote.ts';
import type { RandomRead } from './random-read.ts';
import { conditionsSql } from './read-sql.ts';
import { conditionParameters } from './read-url.ts';

/** A write as a request, and the same in SQL that answers `body`, the rows it shows. */
export interface FuzzWrite {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly target: string;
  readonly prefer: string;
  readonly body: unknown;
  readonly sql: string;
  readonly shows: boolean;
}

/** One value as a client sends it and as SQL; `undefined` is left out by the client. */
interface Value {
  readonly json: unknown;
  readonly sql: string;
}

export function randomWrite(dice: Dice, reads: RandomRead, table: FuzzTable): FuzzWrite {
  const method = dice.pick(['POST', 'POST', 'PATCH', 'PUT', 'DELETE'] as const);
  const shows = dice.chance(50);
  const shown = dice.chance(40) ? [] : dice.some(table.columns, 50);
  const parameters: [string, string][] = [];
  if (shown.length > 0) parameters.push(['select', shown.map(({ name }) => wireName(name)).join(',')]);
  const prefer = [`return=${shows ? 'representation' : 'minimal'}`];
  const names = (shown.length > 0 ? shown : table.columns).map(({ name }) => ident(name));
  // The key comes back with what is selected, and takes the right to it.
  const returning = shows ? [...new Set([...names, ...table.key.map(ident)])].join(', ') : '1';
  const finish = (statement: string, body: unknown): FuzzWrite => {
    const query = parameters
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&');
    return {
      method,
      target: `/${encodeURIComponent(table.name)}?${query}`,
      prefer: prefer.join(', '),
      body,
      sql: `with w as (${statement} returning ${returning})
        select coalesce(json_agg(x), '[]')::text as body from (select ${shows ? names.join(', ') : 1} from w) x`,
      shows,
    };
  };
  const where = (): readonly FuzzCondition[] => reads.conditions(table);
  if (method === 'DELETE' || method === 'PATCH') {
    const conditions = dice.chance(85) ? where() : [];
    parameters.push(...conditionParameters(conditions));
    const restricted = conditionsSql(conditions, ident(table.name));
    if (method === 'DELETE') return finish(`delete from ${ident(table.name)}${restricted}`, undefined);
    const columns = dice.some(table.columns, 25);
    if (columns.length === 0) columns.push(dice.pick(table.columns));
    const row = columns.map((column) => [column, value(dice, column)] as const);
    const set = row.map(([{ name }, { sql }]) => `${ident(name)} = ${sql}`).join(', ');
    return finish(`update ${ident(table.name)} set ${set}${restricted}`, object(row));
  }
  const columns = table.columns.filter(({ name }) => table.key.includes(name) || dice.chance(70));
  if (method === 'PUT') {
    const row = columns.map((column) => [column, value(dice, column, true)] as const);
    const key = row.filter(([{ name }]) => table.key.includes(name));
    for (const [{ name }, { json }] of key) parameters.push([wireName(name), `eq.${json}`]);
    return finish(insert(table, [row], 'merge'), object(row));
  }
  const rows = Array.from({ length: dice.int(1, 3) }, () =>
    columns.map((column) => [column, value(dice, column)] as const),
  );
  const resolution = dice.pick(['none', 'merge', 'ignore'] as const);
  if (resolution !== 'none') prefer.push(`resolution=${resolution}-duplicates`);
  if (resolution !== 'none' && dice.chance(40)) {
    parameters.push(['on_conflict', table.key.map(wireName).join(',')]);
  }
  const objects = rows.map(object);
  if (dice.chance(25)) {
    parameters.push(['columns', columns.map(({ name }) => wireName(name)).join(',')]);
    for (const one of objects) Object.assign(one, { nonsense: 'not a column', id: one['id'] });
    if (!table.key.includes('id')) for (const one of objects) delete one['id'];
  }
  const single = rows.length === 1 && dice.chance(50);
  return finish(insert(table, rows, resolution), single ? objects[0] : objects);
}

type Row = readonly (readonly [FuzzColumn, Value])[];

function value(dice: Dice, { name, kind }: FuzzColumn, isWhole = false): Value {
  if (!isWhole && dice.chance(8)) return { json: null, sql: 'null' };
  const isKey = /^(?:id|k\d|j\d_|fk\d_)/.test(name);
  const text = isKey ? String(dice.int(0, 6)) : name === 'owner' ? dice.pick(['u1', 'u2', 'u3']) : undefined;
  const chosen = text ?? dice.pick(kinds[kind].values);
  // JSON's null in a JSON column is SQL's.
  if (kind === 'jsonb' && chosen === 'null') return { json: null, sql: 'null' };
  return { json: kinds[kind].json(chosen), sql: `${literal(chosen)}::${kinds[kind].sql}` };
}

function object(row: Row): Record<string, unknown> {
  return Object.fromEntries(row.map(([{ name }, { json }]) => [name, json]));
}

function insert(table: FuzzTable, rows: readonly Row[], resolution: 'none' | 'merge' | 'ignore'): string {
  const names = (rows[0] as Row).map(([{ name }]) => ident(name));
  const values = rows.map((row) => `(${row.map(([, { sql }]) => sql).join(', ')})`).join(', ');
  const into = `insert into ${ident(table.name)} (${names.join(', ')}) values ${values}`;
  if (resolution === 'none') return into;
  const target = `${into} on conflict (${table.key.map(ident).join(', ')})`;
  if (resolution === 'ignore') return `${target} do nothing`;
  return `${target} do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}
