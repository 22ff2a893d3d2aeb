import type { JsonStep } from '../../query/query-params.ts';
import type { SqlWriter } from '../sql-writer.ts';

/** `->$1->>$2::int`: keys and indexes are values. */
export function jsonPathSql(path: readonly JsonStep[], writer: SqlWriter): string {
  return path
    .map((step) => {
      const arrow = step.text ? '->>' : '->';
      return `${arrow}${writer.parameter(step.value, step.kind === 'index' ? { type: 'int' } : {})}`;
    })
    .join('');
}
