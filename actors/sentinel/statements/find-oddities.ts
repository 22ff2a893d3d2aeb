import { constantValue } from './constant-value.ts';
import { oddUnion } from './odd-union.ts';
import type { OddityName } from './oddities.ts';
import type { SyntaxNode } from './pg-parser.ts';
import { syntaxNames } from './syntax-names.ts';
import { TableFacts } from './table-facts.ts';
import { tellingFunctions } from './telling-functions.ts';

/** Not odd, the contrary: the statement is about the catalog and nothing else, from the outside in. */
export const introspection = 'introspection';

/** Where a node stands. */
interface Place {
  /** In WHERE, HAVING or ON, or in a value that is written. */
  readonly condition: boolean;
  /** In a statement inside the statement. */
  readonly nested: boolean;
  /** In the second half of a UNION. */
  readonly joined: boolean;
}

const conditionKeys: ReadonlySet<string> = new Set(['whereClause', 'havingClause', 'quals', 'valuesLists']);
const credentials = /^(?:pg_shadow|pg_authid|pg_user_mapping)$/;
/** A text spelled out with at least so many calls. */
const fewestSpelled = 3;
/** A whole forest of them is as odd as a hundred. */
const mostNodes = 400_000;

/**
 * Looks at everything in the parse tree of one text, wherever it stands, with a stack of its own: a deep tree must not
 * end the thread.
 * @param tree as libpg-query prints it
 * @returns names, each once; `introspection` is no oddity
 */
export function findOddities(tree: SyntaxNode): readonly (OddityName | typeof introspection)[] {
  const tables = new TableFacts();
  const found = new Set<OddityName>();
  const statements = ((tree['stmts'] ?? []) as readonly { readonly stmt?: SyntaxNode }[]).map(
    ({ stmt }) => stmt ?? {},
  );
  further(statements, found);
  let spelled = 0;
  let seen = 0;
  type Waiting = readonly [key: string, value: unknown, place: Place];
  const waiting: Waiting[] = statements.map((stmt) => [
    'stmt',
    stmt,
    { condition: false, nested: false, joined: false },
  ]);
  for (let next = waiting.pop(); next !== undefined && seen < mostNodes; next = waiting.pop()) {
    const [key, value, place] = next;
    if (value === null || typeof value !== 'object') continue;
    seen += 1;
    if (Array.isArray(value)) {
      for (const item of value) waiting.push([key, item, place]);
      continue;
    }
    const node = value as SyntaxNode;
    let here = place;
    switch (key) {
      case 'SelectStmt':
      case 'larg':
      case 'rarg':
        here = { ...place, condition: false, joined: place.joined || key === 'rarg' };
        if (node['rarg'] !== undefined) add(found, oddUnion(node));
        break;
      case 'SubLink':
        here = { ...place, nested: true };
        break;
      case 'BoolExpr':
        if (place.condition) booleans(node, found);
        break;
      case 'CommonTableExpr':
        tables.withNames.add(String(node['ctename']));
        break;
      case 'FuncCall': {
        const name = syntaxNames(node['funcname']).at(-1)?.toLowerCase() ?? '';
        if (/^(?:chr|char|nchar)$/.test(name)) spelled += 1;
        const oddity = tellingFunctions.get(name);
        const inside = place.condition || place.nested || place.joined;
        add(found, oddity !== undefined && inside ? `${oddity}-inside` : oddity);
        if (inside && /^(?:version|database|user|sqlite_version)$/.test(name)) found.add('system-condition');
        if (name === 'set_config' && setsRole(node)) found.add('set-role');
        break;
      }
      case 'A_Expr':
        if (isText(node['lexpr']) && isText(node['rexpr'])) found.add('odd-operation');
        break;
      case 'VariableSetStmt':
        if (/^(?:role|session_authorization)$/.test(String(node['name']))) found.add('set-role');
        break;
      case 'CopyStmt':
        if (node['is_program'] === true) found.add('program');
        else if (typeof node['filename'] === 'string') found.add('server-file');
        break;
      case 'DoStmt':
        if (/\bprogram\b|\bdblink/i.test(JSON.stringify(node))) found.add('program');
        break;
      default:
    }
    if (typeof node['relname'] === 'string') {
      if (credentials.test(node['relname'])) found.add('credentials');
      tables.add(node, place.nested);
    }
    for (const inner of Object.keys(node)) {
      const child = node[inner];
      if (typeof child !== 'object') continue;
      const deciding = conditionKeys.has(inner) || (key === 'UpdateStmt' && inner === 'targetList');
      waiting.push([inner, child, deciding ? { ...here, condition: true } : here]);
    }
  }
  if (spelled >= fewestSpelled) found.add('spelled-constant');
  if (tables.catalogInside()) found.add('catalog-subquery');
  return tables.introspects() ? [...found, introspection] : [...found];
}

/** Alternatives and conjuncts that say nothing about a row. */
function booleans(node: SyntaxNode, found: Set<OddityName>): void {
  const args = (node['args'] ?? []) as readonly unknown[];
  if (node['boolop'] === 'NOT_EXPR') return;
  const or = node['boolop'] === 'OR_EXPR';
  for (const [index, arg] of args.entries()) {
    const value = constantValue(arg);
    const holds = value === true || (typeof value === 'number' && value !== 0);
    if (or && (holds || isItself(arg))) found.add('always-true');
    else if (or && fitsAll(arg)) found.add('any-pattern');
    else if (value === 'varies') continue;
    // `where 1 = 1 and …` is how programs begin a list of conditions.
    else if (or || index > 0) found.add(or ? 'constant-alternative' : 'constant-condition');
  }
}

function isText(operand: unknown): boolean {
  return (operand as { A_Const?: { sval?: unknown } } | undefined)?.A_Const?.sval !== undefined;
}

/** A column compared with itself. */
function isItself(arg: unknown): boolean {
  const node = (arg as { A_Expr?: SyntaxNode }).A_Expr;
  const [left, right] = [columnOf(node?.['lexpr']), columnOf(node?.['rexpr'])];
  if (left === '' || left !== right) return false;
  return /^(?:=|<=|>=|~~)$/.test(syntaxNames(node?.['name'])[0] ?? '');
}

/** A search for nothing looks the same. */
function fitsAll(arg: unknown): boolean {
  const node = (arg as { A_Expr?: SyntaxNode }).A_Expr;
  if (columnOf(node?.['lexpr']) === '' || !(syntaxNames(node?.['name'])[0] ?? '').startsWith('~~'))
    return false;
  const value = constantValue(node?.['rexpr']);
  return typeof value === 'string' && /^%+$/.test(value);
}

function columnOf(operand: unknown): string {
  const column = (operand as { ColumnRef?: SyntaxNode } | undefined)?.ColumnRef;
  return column === undefined ? '' : JSON.stringify(syntaxNames(column['fields']));
}

function setsRole(node: SyntaxNode): boolean {
  const name = constantValue((node['args'] as readonly unknown[] | undefined)?.[0]);
  return name === 'role' || name === 'session_authorization';
}

const reads = /^SelectStmt$/;
const changes = /^(?:InsertStmt|UpdateStmt|DeleteStmt|MergeStmt)$/;
/** What is put behind a statement to do harm; scripts make tables and indexes behind others. */
const harms =
  /^(?:Drop|Truncate|Copy|Do|AlterRole|AlterSystem|AlterDatabase|CreateRole|Createdb|GrantRole|CreateFunction|CreateExtension|CreatePLang|Vacuum|Load|Call)/;
/** Ends, begins and settings of a script are not what it does. */
const frame = /^(?:TransactionStmt|VariableSetStmt|VariableShowStmt|ExplainStmt|CommentStmt)$/;

/** A reading or changing statement followed by one of another kind. */
function further(statements: readonly SyntaxNode[], found: Set<OddityName>): void {
  if (statements.length < 2) return;
  const kinds = statements.map((stmt) => Object.keys(stmt)[0] ?? '').filter((kind) => !frame.test(kind));
  const [first, ...others] = kinds;
  if (first === undefined || !(reads.test(first) || changes.test(first))) return;
  if (others.some((kind) => harms.test(kind) || (reads.test(first) && changes.test(kind)))) {
    found.add('further-statement');
  }
}

function add(found: Set<OddityName>, oddity: OddityName | undefined): void {
  if (oddity !== undefined) found.add(oddity);
}
