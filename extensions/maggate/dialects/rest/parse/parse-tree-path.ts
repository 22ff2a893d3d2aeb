import { runRule } from './grammar/run-rule.ts';
import { type TreePath, treePath } from './grammar/tree-path.ts';

const plainName = /^[A-Za-z0-9_]+$/;

/**
 * Name of a filter, order or range: `clients.projects.name`.
 * @throws RestError PGRST100
 */
export function parseTreePath(name: string): TreePath {
  if (plainName.test(name)) return { path: [], field: { name, jsonPath: [] } };
  return runRule('tree path', name, treePath);
}
