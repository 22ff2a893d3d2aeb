import type { EmbedPath, Field } from '../../../../query/query-params.ts';
import { delimiter } from './delimiter.ts';
import { fieldName } from './field-name.ts';
import { jsonPath } from './json-path.ts';
import type { Scanner } from './scanner.ts';

/** Name of a filter: the relations it goes through, and the column. */
export interface TreePath {
  readonly path: EmbedPath;
  readonly field: Field;
}

/** `clients.projects.data->key`. */
export function treePath(scanner: Scanner): TreePath | undefined {
  const names = scanner.separated(fieldName, delimiter);
  if (names === undefined) return undefined;
  const path = jsonPath(scanner);
  if (path === undefined) return undefined;
  return { path: names.slice(0, -1), field: { name: names.at(-1) as string, jsonPath: path } };
}
