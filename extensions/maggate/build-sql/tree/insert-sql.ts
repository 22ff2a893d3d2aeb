import type { MutatePlan } from '../../plan/mutate-plan.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { bodyRowsSql } from './body-rows-sql.ts';
import { columnSql } from './column-sql.ts';
import { identifierSql } from './identifier-sql.ts';
import { insertedCounterSql } from './inserted-counter-sql.ts';
import { logicSql } from './logic-sql.ts';
import { qualifiedSql } from './qualified-sql.ts';
import { returningSql } from './returning-sql.ts';
import { whereLogicSql } from './where-logic-sql.ts';

type InsertPlan = Extract<MutatePlan, { kind: 'insert' }>;

const bodyRow = { schema: '', name: 'pgrst_body' };

/** POST and PUT: the rows of the body, inserted or merged into those with the same key. */
export function insertSql(plan: InsertPlan, writer: SqlWriter): string {
  const columns = plan.columns.map(({ name }) => identifierSql(name)).join(', ');
  const values = plan.columns.map(({ name }) => columnSql(bodyRow, name)).join(', ');
  const body = bodyRowsSql(
    { body: plan.body, many: plan.many, fields: plan.columns, applyDefaults: plan.applyDefaults },
    writer,
  );
  const merges = plan.onConflict?.resolution === 'merge-duplicates';
  const conditions = [
    ...(merges || plan.where.length > 0 ? [insertedCounterSql('tried')] : []),
    // Of a PUT: a row with another key than that of the URL is not taken.
    ...plan.where.map((logic) => logicSql(bodyRow, logic, writer)),
  ];
  return (
    `INSERT INTO ${qualifiedSql(plan.into)}${plan.columns.length === 0 ? '' : `(${columns})`} ` +
    `SELECT ${values} ${body}${whereLogicSql(conditions)}` +
    conflictSql(plan) +
    returningSql(plan.into, plan.returning)
  );
}

function conflictSql({ onConflict, columns }: InsertPlan): string {
  if (onConflict === undefined || onConflict.columns.length === 0) return '';
  const target = ` ON CONFLICT(${onConflict.columns.map(identifierSql).join(', ')})`;
  if (onConflict.resolution === 'ignore-duplicates' || columns.length === 0) return `${target} DO NOTHING`;
  const assignments = columns.map(({ name }) => `${identifierSql(name)} = EXCLUDED.${identifierSql(name)}`);
  return `${target} DO UPDATE SET ${assignments.join(', ')} WHERE ${insertedCounterSql('updated')}`;
}
