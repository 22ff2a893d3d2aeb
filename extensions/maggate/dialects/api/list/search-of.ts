import { malformed } from '../../../parse/malformed.ts';
import type { PlannedSearch } from '../../../plan/read-plan.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';

/**
 * Where `search` looks: in the first column of type tsvector, else in all columns of text.
 * @throws MF405 when there is neither
 */
export function searchOf(table: TableSchema, words: string | undefined): PlannedSearch | undefined {
  if (words === undefined) return undefined;
  const vector = table.columns.find(({ baseType }) => baseType === 'tsvector');
  if (vector !== undefined) return { words, vector: true, columns: [vector.name] };
  if (table.textColumns.length === 0) {
    throw malformed(
      'search',
      `"${table.name}" has no text that search could look in.`,
      'Filter by a column instead.',
    );
  }
  return { words, vector: false, columns: table.textColumns.map(({ name }) => name) };
}
