import type {
  LogicTree,
  OrderTerm,
  PathFilter,
  QueryParams,
  SelectNode,
} from '../../../query/query-params.ts';
import { canonicalQuery } from './canonical-query.ts';
import { columnList } from './grammar/column-list.ts';
import { logicPath } from './grammar/logic-path.ts';
import { logicTree } from './grammar/logic-tree.ts';
import { orderList } from './grammar/order-list.ts';
import { runRule } from './grammar/run-rule.ts';
import { selectList } from './grammar/select-list.ts';
import { parseFilter } from './parse-filter.ts';
import { parseLevelRanges } from './parse-level-ranges.ts';
import { parseTreePath } from './parse-tree-path.ts';
import { splitQuery } from './split-query.ts';

const everything: readonly SelectNode[] = [
  {
    kind: 'field',
    field: { name: '*', jsonPath: [] },
    alias: undefined,
    cast: undefined,
    aggregate: undefined,
    aggregateCast: undefined,
  },
];

/** Parameters that are a property of a level and may have its path before them. */
type LevelPart = 'order' | 'limit' | 'offset' | 'and' | 'or';
type Given = [name: string, value: string][];

/**
 * Reads a query string whole. Of several errors the first one in the order of the original is thrown: order, logic,
 * columns, select, filters, on_conflict, ranges.
 * @param query raw, without `?`
 * @param isRoutineRead a function called by GET or HEAD: `a=1` is an argument and not a broken filter
 * @throws RestError PGRST100
 */
export function parseQuery(query: string, isRoutineRead: boolean): QueryParams {
  const pairs = splitQuery(query);
  let select: string | undefined;
  let columns: string | undefined;
  let onConflict: string | undefined;
  const named = new Set<string>();
  const filters: Given = [];
  const levels: Record<LevelPart, Given> = { order: [], limit: [], offset: [], and: [], or: [] };
  const logic: Given = [];
  for (const [name, value] of pairs) {
    const first = !named.has(name);
    if (name === 'select' || name === 'columns' || name === 'on_conflict') {
      // The first one holds, even if it has no value.
      named.add(name);
      if (!first) continue;
      if (name === 'select') select = value;
      else if (name === 'columns') columns = value;
      else onConflict = value;
    } else if (value !== undefined) {
      const part = levelPart(name);
      if (part === undefined) filters.push([name, value]);
      else if (part === 'and' || part === 'or') logic.push([name, value]);
      else levels[part].push([name, value]);
    }
  }

  const order = levels.order.map(
    ([name, value]): { path: readonly string[]; terms: readonly OrderTerm[] } => ({
      path: parseTreePath(name).path,
      terms: runRule('order', value, orderList),
    }),
  );
  const trees = logic.map(([name, value]): { path: readonly string[]; tree: LogicTree } => {
    const { path, operator } = runRule('logic path', name, logicPath);
    return { path, tree: runRule('logic tree', operator + value, logicTree, value) };
  });
  const columnNames = columns === undefined ? undefined : runRule('columns parameter', columns, columnList);
  const selected = select === undefined ? everything : runRule('select parameter', select, selectList);
  const conditions: PathFilter[] = [];
  const parameters: [string, string][] = [];
  for (const [name, value] of filters) {
    const { path, field } = parseTreePath(name);
    const filter = parseFilter(value, isRoutineRead);
    if (filter === undefined) parameters.push([field.name, value]);
    else conditions.push({ path, field, negated: filter.negated, operation: filter.operation });
  }
  const conflict =
    onConflict === undefined ? undefined : runRule('on_conflict parameter', onConflict, columnList);
  return {
    select: selected,
    columns: columnNames,
    onConflict: conflict,
    filters: conditions,
    parameters,
    logic: trees,
    order,
    ranges: parseLevelRanges(levels.limit, levels.offset),
    get canonical() {
      return canonicalQuery(pairs);
    },
  };
}

/** What follows the last dot, when it is one of the parameters of a level. */
function levelPart(name: string): LevelPart | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  switch (last) {
    case 'order':
    case 'limit':
    case 'offset':
    case 'and':
    case 'or':
      return last;
    default:
      return undefined;
  }
}
