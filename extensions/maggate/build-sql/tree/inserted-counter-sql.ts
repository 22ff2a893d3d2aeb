import { settingSql } from './setting-sql.ts';

/** Setting that counts the rows an upsert inserted. */
export const insertedSetting = 'pgrst.inserted';

/**
 * A condition that is always true and counts: each row that is tried, less each row that only updated another. What
 * is left was inserted.
 */
export function insertedCounterSql(direction: 'tried' | 'updated'): string {
  const [sign, impossible] = direction === 'tried' ? ['+', '0'] : ['-', '-1'];
  const next = `(coalesce(${settingSql(insertedSetting)}::int, 0) ${sign} 1)::text`;
  return `pg_catalog.set_config('${insertedSetting}', ${next}, true) <> '${impossible}'`;
}
