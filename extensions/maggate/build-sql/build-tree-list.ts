import { keyColumn } from '../plan/key-column.ts';
import type { ReadNode } from '../plan/read-plan.ts';
import { quoteIdentifier } from './quote-identifier.ts';
import { SqlWriter, type WrittenParameter } from './sql-writer.ts';
import { countSql } from './tree/count-sql.ts';
import { readSql } from './tree/read-sql.ts';

/** A page of a list of rows with relations in them. */
export interface TreeList {
  /** Its range has one row more than the limit: that tells whether there is a next page. */
  readonly read: ReadNode;
  /** Names of what each row shows, in order. */
  readonly names: readonly string[];
  readonly limit: number;
  /** Counted from 1; undefined where a cursor says the place. */
  readonly page: number | undefined;
  /** The rows were read from the last to the first. */
  readonly backward: boolean;
  /** The list without its page, to be counted. */
  readonly counted: ReadNode | undefined;
}

export interface TreeStatement {
  readonly text: string;
  readonly parameters: readonly WrittenParameter[];
  /** Columns beside `body` and `rows`. */
  readonly columns: readonly string[];
}

/**
 * A list whose answer PostgreSQL makes: `{data, meta}`; of one with a cursor only the rows, and beside them the
 * positions of the first and the last one and whether there are more, because cursors are signed elsewhere.
 */
export function buildTreeList(list: TreeList): TreeStatement {
  const { read, limit, page, backward } = list;
  const writer = new SqlWriter();
  const rows = readSql(read, writer);
  const keys = (read.keys ?? []).map((_, index) => `p.${quoteIdentifier(keyColumn(index))}`);
  const order = `order by l.place${backward ? ' desc' : ''}`;
  const data = `coalesce(pg_catalog.json_agg(l.item ${order}) filter (where l.place <= ${limit})::text, '[]')`;
  const more = `(count(*) > ${limit})::text`;
  const counted = list.counted && `(select count(*) from (${countSql(list.counted, writer)}) as c)::text`;
  const key =
    page === undefined
      ? `, pg_catalog.json_build_array(${keys.join(', ')})::text as key, count(*) over () as total`
      : '';
  const source = `from (
  select (select pg_catalog.row_to_json(d.*) from (select ${shown(list.names)}) as d) as item, pg_catalog.row_number() over () as place${key}
  from (${rows}) as p
) as l`;
  const number = `least(count(*), ${limit}) as rows`;
  if (page !== undefined) {
    const total = counted === undefined ? '' : ` || ',"total":' || ${counted}`;
    const text = `select '{"data":' || ${data} || ',"meta":{"limit":${limit},"page":' || ${writer.parameter(String(page), { type: 'bigint' })} || ',"hasMore":' || ${more}${total} || '}}' as body, ${number}
${source}`;
    return { text, parameters: writer.parameters, columns: [] };
  }
  const at = (place: string) => `max(l.key) filter (where l.place = ${place})`;
  const [first, last] = backward ? [`least(l.total, ${limit})`, '1'] : ['1', `least(l.total, ${limit})`];
  const total = counted === undefined ? '' : `, ${counted} as total`;
  const text = `select ${data} as body, ${number}, ${more} as more, ${at(first)} as first, ${at(last)} as last${total}
${source}`;
  const columns = ['more', 'first', 'last', ...(counted === undefined ? [] : ['total'])];
  return { text, parameters: writer.parameters, columns };
}

/**
 * One row with relations in it: `body` is null when there is none.
 * @param names of what it shows, in order
 */
export function buildTreeRow(read: ReadNode, names: readonly string[]): TreeStatement {
  const writer = new SqlWriter();
  const text = `select pg_catalog.string_agg(r.item::text, '') as body, count(*) as rows
from (
  select (select pg_catalog.row_to_json(d.*) from (select ${shown(names)}) as d) as item
  from (${readSql(read, writer)}) as p
) as r`;
  return { text, parameters: writer.parameters, columns: [] };
}

function shown(names: readonly string[]): string {
  return names.map((name) => `p.${quoteIdentifier(name)}`).join(', ');
}
