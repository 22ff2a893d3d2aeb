import type { PlannedField } from '../../plan/read-plan.ts';
import { quoteLiteral } from '../quote-literal.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { identifierSql } from './identifier-sql.ts';

/** A column or parameter that is filled from a key of the body. */
export type BodyField = Pick<PlannedField, 'name' | 'type' | 'transform' | 'default'>;

/** A JSON body and what is read from it. */
export interface BodyRows {
  readonly body: string | null;
  /** The body is an array of rows, else one object. */
  readonly many: boolean;
  readonly fields: readonly BodyField[];
  /** Keys that are missing take the default of their column, not null. */
  readonly applyDefaults: boolean;
  readonly firstOnly?: boolean;
}

/** `FROM …`: the rows of a JSON body as `pgrst_body`, read by PostgreSQL with the types of the columns. */
export function bodyRowsSql(rows: BodyRows, writer: SqlWriter): string {
  const { fields, many, applyDefaults } = rows;
  const json = applyDefaults ? 'jsonb' : 'json';
  const payload = writer.parameter(rows.body, { type: json });
  const document = applyDefaults ? 'pgrst_json_defs.val' : 'pgrst_payload.json_data';
  let source: string;
  if (fields.length === 0) {
    // No keys at all: as many rows without columns as there are objects.
    source = many ? `pg_catalog.${json}_array_elements(${document}) _` : '(values(1)) _';
  } else {
    const reader = `pg_catalog.${json}_to_record${many ? 'set' : ''}`;
    const typed = fields.map((field) => `${identifierSql(field.name)} ${field.type}`);
    source = `${reader}(${document}) AS _(${typed.join(', ')})${rows.firstOnly ? ' LIMIT 1' : ''}`;
  }
  const read = fields.map(({ name, transform }) => {
    const column = identifierSql(name);
    return transform === undefined ? column : `${transform}(${column}) AS ${column}`;
  });
  return (
    `FROM (SELECT ${payload} AS json_data) pgrst_payload, ` +
    (applyDefaults ? `LATERAL (${withDefaults(fields, many)}) pgrst_json_defs, ` : '') +
    `LATERAL (SELECT ${read.join(', ')} FROM ${source}) pgrst_body`
  );
}

function withDefaults(fields: readonly BodyField[], many: boolean): string {
  const pairs = fields.flatMap((field) =>
    field.default === undefined ? [] : [`${quoteLiteral(field.name)}, ${field.default}`],
  );
  const defaults = `pg_catalog.jsonb_build_object(${pairs.join(', ')})`;
  if (!many) return `SELECT ${defaults} || pgrst_payload.json_data AS val`;
  const elements = 'pg_catalog.jsonb_array_elements(pgrst_payload.json_data) elem';
  return `SELECT pg_catalog.jsonb_agg(${defaults} || elem) AS val FROM ${elements}`;
}
