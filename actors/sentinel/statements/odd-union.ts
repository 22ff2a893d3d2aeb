import { constantValue } from './constant-value.ts';
import { isCatalog } from './is-catalog.ts';
import type { OddityName } from './oddities.ts';
import type { SyntaxNode } from './pg-parser.ts';
import { syntaxNames } from './syntax-names.ts';

/** Functions that tell about the server or the session. */
const systemFunctions =
  /^(?:version|user|current_user|session_user|system_user|database|current_database|schema|current_schema|current_catalog|current_setting|inet_server_addr|inet_server_port|inet_client_addr|pg_backend_pid|host_name|db_name|user_name|suser_name|sqlite_version|pg_postmaster_start_time)$/;
const deepest = 64;
/** Columns that are filled up to make their number right. */
const fewestFixed = 3;

/**
 * What an attacker joins to the rows of a table: constants to find out how many columns there are, facts of the
 * server, its catalog.
 * @param union a `SelectStmt` with two halves
 */
export function oddUnion(union: SyntaxNode): OddityName | undefined {
  if (union['op'] !== 'SETOP_UNION') return undefined;
  let first = union['larg'] as SyntaxNode | undefined;
  for (let depth = 0; first?.['larg'] !== undefined && depth < deepest; depth += 1) {
    first = first['larg'] as SyntaxNode;
  }
  const tables = first === undefined ? [] : tablesOf(first);
  if (first === undefined || (tables.length === 0 && !Array.isArray(first['fromClause']))) return undefined;
  // A statement about the catalog may join more of it.
  if (tables.some(isCatalog)) return undefined;
  const second = union['rarg'] as SyntaxNode;
  if (second['larg'] !== undefined) return undefined;
  const read = tablesOf(second);
  if (read.length > 0 && read.some(isCatalog) && !read.every(({ relname }) => relname === 'dual')) {
    return 'catalog-union';
  }
  const columns = ((second['targetList'] ?? []) as readonly { ResTarget?: SyntaxNode }[]).map(
    ({ ResTarget }) => ResTarget?.['val'],
  );
  if (columns.some((column) => hasSystemFunction(column))) return 'system-union';
  const fixed = columns.filter((column) => constantValue(column) !== 'varies').length;
  if (columns.length > 0 && fixed === columns.length) {
    return Array.isArray(second['fromClause']) && fixed < fewestFixed ? undefined : 'constant-union';
  }
  return fixed >= fewestFixed && fixed * 2 >= columns.length ? 'padded-union' : undefined;
}

/** Tables of FROM, also of joins. */
function tablesOf(select: SyntaxNode): readonly SyntaxNode[] {
  const tables: SyntaxNode[] = [];
  const waiting: unknown[] = [select['fromClause']];
  for (let steps = 0; waiting.length > 0 && steps < 1_000; steps += 1) {
    const node = waiting.pop();
    if (node === null || typeof node !== 'object') continue;
    const { RangeVar, JoinExpr } = node as { RangeVar?: SyntaxNode; JoinExpr?: SyntaxNode };
    if (RangeVar !== undefined) tables.push(RangeVar);
    else if (JoinExpr !== undefined) waiting.push(JoinExpr['larg'], JoinExpr['rarg']);
    else if (Array.isArray(node)) waiting.push(...node);
  }
  return tables;
}

function hasSystemFunction(column: unknown): boolean {
  const waiting: unknown[] = [column];
  for (let steps = 0; waiting.length > 0 && steps < 1_000; steps += 1) {
    const node = waiting.pop();
    if (node === null || typeof node !== 'object') continue;
    if ('SQLValueFunction' in node) {
      const { op } = node.SQLValueFunction as { op?: string };
      if (/USER|CATALOG|SCHEMA/.test(op ?? '')) return true;
    }
    const call = (node as { FuncCall?: SyntaxNode }).FuncCall;
    if (call !== undefined && systemFunctions.test(syntaxNames(call['funcname']).at(-1) ?? '')) return true;
    waiting.push(...Object.values(node));
  }
  return false;
}
