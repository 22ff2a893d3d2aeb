import { identifierSql } from './identifier-sql.ts';

/** ` AS "name"`, or nothing. */
export function aliasSql(alias: string | undefined): string {
  return alias === undefined ? '' : ` AS ${identifierSql(alias)}`;
}
