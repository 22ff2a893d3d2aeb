import { keyColumn } from '../../plan/key-column.ts';
import type { PlannedSelect, ReadNode } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { aliasSql } from './alias-sql.ts';
import { distinctSql } from './distinct-sql.ts';
import { fromSql } from './from-sql.ts';
import { groupSql } from './group-sql.ts';
import { joinConditionSql } from './join-condition-sql.ts';
import { joinSql } from './join-sql.ts';
import { logicSql } from './logic-sql.ts';
import { nodeSource } from './node-source.ts';
import { orderSql } from './order-sql.ts';
import { orderTermSql } from './order-term-sql.ts';
import { rangeSql } from './range-sql.ts';
import { relationSelectSql } from './relation-select-sql.ts';
import { selectItemSql } from './select-item-sql.ts';
import { whereLogicSql } from './where-logic-sql.ts';

/**
 * Reads a tree: one SELECT with a lateral join for each relation below. Shape and aliases are those of PostgREST
 * (`QueryBuilder.hs`), because PostgreSQL's error texts name them.
 * @param parent what columns of the node above are qualified with; undefined at the top
 */
export function readSql(
  node: ReadNode,
  writer: SqlWriter,
  parent: QualifiedName | undefined = undefined,
): string {
  const source = nodeSource(node);
  const distinct = distinctSql(source, node.distinct, writer);
  const select = [
    ...selected(node).map((item) => selectItemSql(source, item, writer)),
    ...orderedBy(node, source, writer),
    ...node.relationSelect.flatMap(relationSelectSql),
    ...(node.keys ?? []).map(
      (key, index) => `CAST( ${orderTermSql(source, key, writer)} AS text )${aliasSql(keyColumn(index))}`,
    ),
  ];
  const joins = node.relationSelect.map((relation) => {
    const child = node.children.find(({ aggregateAlias }) => aggregateAlias === relation.alias);
    if (child === undefined) throw new Error(`No relation below has the alias ${relation.alias}.`);
    return joinSql(relation, child, readSql(child, writer, source), writer);
  });
  const where = whereLogicSql([
    ...node.where.map((logic) => logicSql(source, logic, writer)),
    ...node.joins.map(joinConditionSql),
  ]);
  const group = groupSql(source, node, writer);
  const having = (node.having ?? []).map((logic) => logicSql(source, logic, writer));
  return (
    `SELECT ${distinct}${select.join(', ')}${fromSql(node, parent)}${joins.join('')}${where}${group}` +
    (having.length === 0 ? '' : ` HAVING ${having.join(' AND ')}`) +
    orderSql(source, node.order, writer) +
    rangeSql(node.range, writer)
  );
}

/** All columns where nothing is selected: what is shown is decided above. */
function selected(node: ReadNode): readonly PlannedSelect[] {
  return node.select.length === 0 && node.children.length === 0 ? [star] : node.select;
}

/** A to-many spread is ordered where it is aggregated, so the columns it is ordered by must be there. */
function orderedBy(node: ReadNode, source: QualifiedName, writer: SqlWriter): readonly string[] {
  if (node.spread?.kind !== 'to-many') return [];
  return node.spread.extraSelect.map(({ alias, select }) =>
    selectItemSql(alias === undefined ? source : { schema: '', name: alias }, select, writer),
  );
}

const star: PlannedSelect = {
  field: {
    name: '*',
    jsonPath: [],
    toJson: false,
    toTsVector: undefined,
    type: '',
    baseType: '',
    transform: undefined,
    default: undefined,
    fullRow: false,
  },
  aggregate: undefined,
  aggregateCast: undefined,
  cast: undefined,
  alias: undefined,
};
