import { SqlWriter } from '../../build-sql/sql-writer.ts';
import { bodySql } from '../../build-sql/tree/body-sql.ts';
import { callSql } from '../../build-sql/tree/call-sql.ts';
import { countSql } from '../../build-sql/tree/count-sql.ts';
import { explainSql } from '../../build-sql/tree/explain-sql.ts';
import { insertedSetting } from '../../build-sql/tree/inserted-counter-sql.ts';
import { locationSql } from '../../build-sql/tree/location-sql.ts';
import { mutateSql } from '../../build-sql/tree/mutate-sql.ts';
import { pageTotalSql } from '../../build-sql/tree/page-total-sql.ts';
import { readSql } from '../../build-sql/tree/read-sql.ts';
import { settingSql } from '../../build-sql/tree/setting-sql.ts';
import type { ReadNode } from '../../plan/read-plan.ts';
import type { ActionPlan } from './action-plan.ts';
import type { ActionFacts, BuiltAction } from './built-action.ts';

type Planned<Kind extends ActionPlan['kind']> = Extract<ActionPlan, { kind: Kind }>;

/** Expressions of the one row, by the names they are read by. */
type ResultRow = Readonly<Record<string, string>>;

/**
 * Writes the statement of a planned request: one row with the numbers of rows, the body, and what SQL code set for the
 * answer. The same shape of request gives the same text. Writes and calls raise what must roll back (`refusals`);
 * of a read the caller looks at `page_total` itself.
 */
export function buildAction(plan: ActionPlan, facts: ActionFacts): BuiltAction {
  const writer = new SqlWriter();
  const { before, row, rows } = partsOf(plan, facts, writer);
  const list = Object.entries(row).map(([name, expression]) => `${expression} AS ${name}`);
  const text = `WITH ${before} SELECT ${list.join(', ')} FROM (${rows}) _postgrest_t`;
  if (plan.media.kind === 'plan') {
    return {
      text: explainSql(plan.media, text),
      parameters: writer.parameters,
      explain: undefined,
      columns: [],
      explains: true,
    };
  }
  const typed = plan.handler.kind === 'custom';
  return {
    text: typed ? withBodyType(text) : text,
    parameters: writer.parameters,
    explain: plan.kind === 'read' ? estimated(plan.read, facts) : undefined,
    columns: [...Object.keys(row), ...(typed ? ['body_type'] : [])],
    explains: false,
  };
}

interface Parts {
  /** The CTEs. */
  readonly before: string;
  readonly row: ResultRow;
  readonly rows: string;
}

function partsOf(plan: ActionPlan, facts: ActionFacts, writer: SqlWriter): Parts {
  switch (plan.kind) {
    case 'read':
      return readParts(plan, facts, writer);
    case 'mutate':
      return mutateParts(plan, facts, writer);
    case 'call':
      return callParts(plan, facts, writer);
  }
}

function readParts(plan: Planned<'read'>, facts: ActionFacts, writer: SqlWriter): Parts {
  const source = `pgrst_source AS (${readSql(plan.read, writer)})`;
  const pageTotal = pageTotalSql({ one: undefined, most: undefined }, writer);
  const most = facts.preferCount === 'estimated' ? facts.maxRows : null;
  const count = counted(plan.read, facts, pageTotal, most, writer);
  return {
    before: source + count.before,
    row: resultRow(plan, { total_result_set: count.total, page_total: pageTotal }),
    rows: 'SELECT * FROM pgrst_source',
  };
}

function mutateParts(plan: Planned<'mutate'>, facts: ActionFacts, writer: SqlWriter): Parts {
  const { mutate, handler } = plan;
  const source = `pgrst_source AS (${mutateSql(mutate, writer)})`;
  const isInsert = mutate.kind === 'insert';
  const isPut = isInsert && mutate.where.length > 0;
  const pageTotal = pageTotalSql(
    plan.media.kind === 'plan'
      ? { one: undefined, most: undefined }
      : {
          one: isPut ? 'putKey' : plan.media.kind === 'singular' ? 'notSingular' : undefined,
          most: isInsert ? undefined : facts.maxAffected,
        },
    writer,
  );
  const merges = isPut || (isInsert && facts.resolution === 'merge-duplicates');
  return {
    before: source,
    row: resultRow(plan, {
      total_result_set: 'null::bigint',
      page_total: pageTotal,
      header:
        isInsert && facts.returnPreference === 'headers-only' ? locationSql(mutate.primaryKey) : 'null::text',
      response_inserted: merges ? `${settingSql(insertedSetting)}::int` : "''",
    }),
    // Without a body only the number of rows counts, and what is selected may not be among what was returned.
    rows: handler.kind === 'none' ? 'SELECT * FROM pgrst_source' : readSql(plan.read, writer),
  };
}

function callParts(plan: Planned<'call'>, facts: ActionFacts, writer: SqlWriter): Parts {
  const { returns } = plan.call.routine;
  const source = `pgrst_source AS (${callSql(plan.call, writer)})`;
  const rows = readSql(plan.read, writer);
  const free = { one: undefined, most: undefined };
  const expected =
    plan.media.kind === 'plan'
      ? free
      : {
          one: plan.media.kind === 'singular' ? ('notSingular' as const) : undefined,
          most: facts.maxAffected,
        };
  // A function that returns one value has one row, whatever is filtered from it.
  const pageTotal = returns.setOf ? pageTotalSql(expected, writer) : '1';
  const total = returns.setOf ? pageTotalSql(free, writer) : '1';
  const count = counted(plan.read, facts, total, null, writer);
  return {
    before: source + count.before,
    row: resultRow(plan, { total_result_set: count.total, page_total: pageTotal }),
    rows,
  };
}

/** All columns of the row, in the order they are documented in. */
function resultRow(
  plan: ActionPlan,
  own: {
    readonly total_result_set: string;
    readonly page_total: string;
    readonly header?: string;
    readonly response_inserted?: string;
  },
): ResultRow {
  const returns = plan.kind === 'call' ? plan.call.routine.returns : undefined;
  return {
    total_result_set: own.total_result_set,
    page_total: own.page_total,
    header: own.header ?? 'null::text',
    body: bodySql(plan.handler, returns),
    response_headers: settingSql('response.headers'),
    response_status: settingSql('response.status'),
    response_inserted: own.response_inserted ?? "''",
  };
}

/** The number of all rows: that of the page where nothing limits it, else a count of its own. */
function counted(
  read: ReadNode,
  facts: ActionFacts,
  pageTotal: string,
  most: number | null,
  writer: SqlWriter,
): { readonly before: string; readonly total: string } {
  if (facts.preferCount !== 'exact' && facts.preferCount !== 'estimated') {
    return { before: '', total: 'null::bigint' };
  }
  const { offset, limit } = facts.range;
  if (facts.maxRows === null && offset === 0 && limit === undefined) return { before: '', total: pageTotal };
  // One more than the limit shows that there are more.
  const bound = most === null ? '' : ` LIMIT ${writer.parameter(String(most + 1))}`;
  return {
    before: `, pgrst_source_count AS (${countSql(read, writer)}${bound})`,
    total: '(SELECT pg_catalog.count(*) FROM pgrst_source_count)',
  };
}

function estimated(read: ReadNode, facts: ActionFacts): BuiltAction['explain'] {
  if (facts.preferCount !== 'planned' && facts.preferCount !== 'estimated') return undefined;
  const writer = new SqlWriter();
  return { text: countSql(read, writer), parameters: writer.parameters };
}

/**
 * Adds the type behind the domain that a media type handler returns: `bytea` comes as hexadecimal digits and is sent
 * as bytes.
 */
function withBodyType(text: string): string {
  return (
    "SELECT _answer.*, (SELECT pg_catalog.format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END, null)" +
    ' FROM pg_catalog.pg_type t WHERE t.oid = pg_catalog.pg_typeof(_answer.body)::oid) AS body_type' +
    ` FROM (${text}) _answer`
  );
}
