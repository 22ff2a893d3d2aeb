import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { parseTableScope } from '../parse-table-scope.ts';
import type { StatementFacts } from './statement-facts.ts';

/** What a statement is measured by. */
export interface StatementRights {
  readonly access: 'read' | 'write' | 'own';
  /** Scopes of the capability in this project, now. */
  readonly scopes: readonly string[];
  /** The extension's own schema; null when it has none. */
  readonly schema: string | null;
}

/**
 * Refuses a statement that does more than its capability allows, before PostgreSQL gets to see it. PostgreSQL decides
 * by its own grants all the same, and alone about columns: this is the second wall, and the one that a grant taken back
 * a moment ago closes at once.
 * @throws MF674 with the reason
 */
export function judgeStatement(facts: StatementFacts, rights: StatementRights): void {
  const { access, schema } = rights;
  if (facts.refusal !== null) throw refused(facts.refusal);
  if (access === 'read' && facts.writes) throw refused('db.read does not change rows; db.write does');
  if (access === 'read' && facts.locks) throw refused('db.read does not lock rows');
  for (const place of facts.schemas)
    if (place !== schema) throw refused(`the schema ${place} is not its own`);
  const granted = new Set(rights.scopes.map((scope) => parseTableScope(scope)?.table ?? scope));
  for (const table of facts.tables) {
    if (table.schema !== null && table.schema === schema) continue;
    if (access === 'own') {
      // Without a schema it is looked for in its own one only.
      if (table.schema === null) continue;
      throw refused(`the table ${table.schema}.${table.name} is not in its own schema`);
    }
    if (table.schema !== null && table.schema !== 'public')
      throw refused(`the schema ${table.schema} is not its own`);
    // What db.write only reads is a matter of db.read, which PostgreSQL knows. A name without a schema may be of its own.
    if (access === 'write' && !table.written) continue;
    if (table.schema === null && schema !== null) continue;
    if (!granted.has('*') && !granted.has(table.name)) {
      throw refused(`the table ${table.name} was not granted to db.${access}`);
    }
  }
}

function refused(why: string): MagFlockError {
  return new MagFlockError('MF674', `The statement is refused: ${why}.`, { details: { reason: why } });
}
