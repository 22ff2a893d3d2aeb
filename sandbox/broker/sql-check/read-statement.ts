import { knownFunctions } from './known-functions.generated.ts';
import type { StatementFacts } from './statement-facts.ts';

type Node = Readonly<Record<string, unknown>>;

const actions: Readonly<Record<string, string>> = {
  SelectStmt: 'select',
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
  MergeStmt: 'merge',
};

/** Nodes of expressions and clauses that have no effect of their own. What is not here is refused. */
const known: ReadonlySet<string> = new Set(
  `SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt MergeWhenClause ResTarget MultiAssignRef SetToDefault
   ColumnRef A_Star A_Const A_ArrayExpr A_Expr A_Indices A_Indirection BoolExpr NullTest BooleanTest ParamRef
   FuncCall NamedArgExpr TypeCast CollateClause SubLink CaseExpr CaseWhen CoalesceExpr MinMaxExpr RowExpr
   SQLValueFunction GroupingFunc GroupingSet SortBy WindowDef LockingClause List String Integer Float Boolean BitString
   RangeVar RangeSubselect RangeFunction RangeTableFunc RangeTableFuncCol ColumnDef JoinExpr CommonTableExpr IndexElem
   MergeSupportFunc ReturningOption XmlExpr XmlSerialize
   JsonFuncExpr JsonValueExpr JsonObjectConstructor JsonArrayConstructor JsonArrayQueryConstructor JsonObjectAgg
   JsonArrayAgg JsonKeyValue JsonTable JsonTableColumn JsonTablePathSpec JsonBehavior JsonOutput JsonFormat
   JsonIsPredicate JsonParseExpr JsonScalarExpr JsonSerializeExpr JsonArgument JsonReturning JsonAggConstructor`
    .trim()
    .split(/\s+/),
);

/** Reading a name as one of these looks into the catalogue. */
const catalogTypes = /^reg[a-z]+$/;
const mostTables = 200;

/**
 * Reads a parse tree of libpg-query. Everything in it is looked at, wherever it stands; a kind of node that is not
 * known is a refusal, so that syntax of a later version is closed and not open.
 * @param tree as `parseSync` returns it
 */
export function readStatement(tree: unknown): StatementFacts {
  const statements = (tree as { stmts?: readonly { stmt?: Node }[] }).stmts ?? [];
  const [first] = statements;
  const kind = Object.keys(first?.stmt ?? {})[0];
  if (statements.length !== 1 || kind === undefined) {
    return refused(statements.length === 0 ? 'it is empty' : 'it is more than one statement');
  }
  const action = actions[kind];
  if (action === undefined) return refused(`${kind.replace(/Stmt$/, '')} is not a statement for extensions`);

  const found = new Findings(action);
  // A stack of our own: a deep tree must not end the thread.
  const waiting: (readonly [key: string, value: unknown])[] = [['stmt', first?.stmt]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [key, value] = next;
    if (value === null || typeof value !== 'object') continue;
    if (Array.isArray(value)) {
      for (const item of value) waiting.push([key, item]);
      continue;
    }
    found.look(key, value as Node);
    if (found.refusal !== null) return refused(found.refusal);
    for (const entry of Object.entries(value)) waiting.push(entry);
  }
  return found.facts();
}

/** What was seen so far of one statement. */
class Findings {
  refusal: string | null = null;
  #action: string;
  #writes = false;
  #locks = false;
  readonly #tables: { schema: string | null; name: string; written: boolean }[] = [];
  readonly #withNames = new Set<string>();
  readonly #schemas = new Set<string>();
  /** RangeVars that a write changes, by identity. */
  readonly #targets = new Set<unknown>();

  constructor(action: string) {
    this.#action = action;
    this.#writes = action !== 'select';
  }

  /** @param key the field it stands in, or the kind of node it is */
  look(key: string, node: Node): undefined {
    if (/^[A-Z]/.test(key) && !known.has(key)) return this.#refuse(`${key} is not known here`);
    const writing = actions[key];
    if (writing !== undefined && writing !== 'select') {
      this.#writes = true;
      if (this.#action === 'select') this.#action = writing;
      this.#targets.add(node['relation']);
    }
    if (key === 'intoClause') return this.#refuse('SELECT INTO makes a table');
    if (key === 'lockingClause' || key === 'LockingClause') this.#locks = true;
    if (key === 'CommonTableExpr') this.#withNames.add(String(node['ctename']));
    if (typeof node['relname'] === 'string') this.#table(node);
    if (Array.isArray(node['funcname'])) this.#function(names(node['funcname']));
    if (Array.isArray(node['names']) && 'typemod' in node) this.#type(names(node['names']));
    if (key === 'A_Expr' && Array.isArray(node['name'])) this.#qualified(names(node['name']));
    if (key === 'CollateClause') this.#qualified(names(node['collname']));
    if (Array.isArray(node['useOp'])) this.#qualified(names(node['useOp']));
    if (Array.isArray(node['operName'])) this.#qualified(names(node['operName']));
  }

  facts(): StatementFacts {
    const tables = this.#tables.filter(({ schema, name }) => schema !== null || !this.#withNames.has(name));
    return {
      refusal: tables.length > mostTables ? `it names more than ${mostTables} tables` : null,
      action: this.#action,
      writes: this.#writes,
      locks: this.#locks,
      tables: tables.slice(0, mostTables),
      schemas: [...this.#schemas],
    };
  }

  #table(node: Node): undefined {
    if (typeof node['catalogname'] === 'string') return this.#refuse('it names another database');
    const schema = typeof node['schemaname'] === 'string' ? node['schemaname'] : null;
    const name = String(node['relname']);
    // Looked up in pg_catalog first whatever the path says, so the schema need not be named.
    if (schema === null && name.startsWith('pg_')) return this.#refuse(`${name} is of the system`);
    this.#tables.push({ schema, name, written: this.#targets.has(node) });
  }

  #function(path: readonly string[]): undefined {
    const name = path.at(-1) ?? '';
    if (path.length === 1 || path[0] === 'pg_catalog') {
      if (!knownFunctions.has(name)) this.#refuse(`the function ${name.slice(0, 63)} is not for extensions`);
      return;
    }
    this.#qualified(path);
  }

  #type(path: readonly string[]): undefined {
    const name = path.at(-1) ?? '';
    if (catalogTypes.test(name)) return this.#refuse(`the type ${name} is not for extensions`);
    this.#qualified(path);
  }

  #qualified(path: readonly string[]): undefined {
    if (path.length > 2) return this.#refuse('it names another database');
    if (path.length === 2 && path[0] !== undefined && path[0] !== 'pg_catalog') this.#schemas.add(path[0]);
  }

  #refuse(why: string): undefined {
    this.refusal ??= why;
    return undefined;
  }
}

function names(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => String((item as { String?: { sval?: string } }).String?.sval ?? ''));
}

function refused(refusal: string): StatementFacts {
  return { refusal, action: 'none', writes: false, locks: false, tables: [], schemas: [] };
}
