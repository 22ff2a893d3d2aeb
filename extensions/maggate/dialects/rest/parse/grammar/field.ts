import type { Field } from '../../../../query/query-params.ts';
import { fieldName } from './field-name.ts';
import { jsonPath } from './json-path.ts';
import type { Scanner } from './scanner.ts';

/** A column with the path into its JSON, blanks around it. After an arrow the path must be complete. */
export function field(scanner: Scanner): Field | undefined {
  scanner.blanks();
  const name = fieldName(scanner);
  if (name === undefined) return undefined;
  const path = jsonPath(scanner);
  if (path === undefined) return undefined;
  scanner.blanks();
  return { name, jsonPath: path };
}
