import type { SyntaxNode } from './pg-parser.ts';

const schemas = /^(?:pg_catalog|information_schema|mysql|performance_schema|sys|master|msdb)$/i;
/** Names that stand alone: PostgreSQL's own, and what attacks ask other servers for. */
const names =
  /^(?:pg_[a-z_]+|sysobjects|syscolumns|sysusers|syslogins|sysdatabases|sqlite_master|sqlite_schema|all_tables|all_users|all_tab_columns|user_tables|user_tab_columns|dba_users|rdb\$[a-z_]+|dual)$/i;

/** @param table a `RangeVar`: whether it is of the server and not of the project */
export function isCatalog(table: SyntaxNode): boolean {
  const schema = table['schemaname'];
  if (typeof schema === 'string') return schemas.test(schema);
  return names.test(String(table['relname']));
}
