import type { StatementFacts } from '../sql-check/statement-facts.ts';

/**
 * The table a statement changes, as the audit trail names it: with its schema unless that is `public`; empty when it
 * names none.
 * @param home where a name without a schema is looked for; null for `public`
 */
export function auditedTable(facts: StatementFacts | undefined, home: string | null): string {
  const target = facts?.tables.find((table) => table.written) ?? facts?.tables[0];
  if (target === undefined) return '';
  const schema = target.schema ?? home;
  return schema === null || schema === 'public' ? target.name : `${schema}.${target.name}`;
}
