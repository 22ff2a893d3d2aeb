import { identifierSql } from './identifier-sql.ts';

/** Words, perhaps `(10,2)`, further words (`time(3) with time zone`), perhaps `[]`. */
const typeName =
  /^[a-z_][a-z0-9_]*(?: [a-z_][a-z0-9_]*)*(?: ?\( ?\d+(?: ?, ?\d+)? ?\)(?: [a-z]+)*)?(?:\[\])*$/i;

/**
 * `CAST( value AS type )`. Names of types cannot always be quoted: `int` and `double precision` are grammar of
 * PostgreSQL, no identifiers. What looks like such a name stands as it is, everything else is one quoted identifier.
 * @param type as the caller wrote it; undefined leaves the value alone
 */
export function castSql(value: string, type: string | undefined): string {
  if (type === undefined) return value;
  return `CAST( ${value} AS ${typeName.test(type) ? type : identifierSql(type)} )`;
}
