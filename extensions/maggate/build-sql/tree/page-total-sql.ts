import type { SqlWriter } from '../sql-writer.ts';
import { refusals } from './refusals.ts';

/** What the number of rows of a statement has to be. */
export interface RowsExpected {
  /** Exactly one, or the refusal. */
  readonly one: 'notSingular' | 'putKey' | undefined;
  readonly most: number | undefined;
}

const count = 'pg_catalog.count(_postgrest_t)';

/** The number of rows; raises when it is not one that is allowed. */
export function pageTotalSql(expected: RowsExpected, writer: SqlWriter): string {
  const refused: string[] = [];
  if (expected.one !== undefined) refused.push(`WHEN ${count} <> 1 THEN ${refuse(expected.one)}`);
  if (expected.most !== undefined) {
    const most = writer.parameter(String(expected.most), { type: 'bigint' });
    refused.push(`WHEN ${count} > ${most} THEN ${refuse('maxAffected')}`);
  }
  return refused.length === 0 ? count : `CASE ${refused.join(' ')} ELSE ${count} END`;
}

function refuse(reason: keyof typeof refusals): string {
  return `mg_sys.refuse('${refusals[reason]}', ${count}::text)::bigint`;
}
