import type { MutatePlan } from '../../plan/mutate-plan.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { deleteSql } from './delete-sql.ts';
import { insertSql } from './insert-sql.ts';
import { updateSql } from './update-sql.ts';

/** The statement that writes, with the rows it wrote. */
export function mutateSql(plan: MutatePlan, writer: SqlWriter): string {
  switch (plan.kind) {
    case 'insert':
      return insertSql(plan, writer);
    case 'update':
      return updateSql(plan, writer);
    case 'delete':
      return deleteSql(plan, writer);
  }
}
