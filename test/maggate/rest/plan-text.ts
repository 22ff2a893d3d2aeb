import type {
  PlannedField,
  PlannedLogic,
  PlannedOrder,
  PlannedSelect,
  ReadNode,
  RelationSelect,
} from '../../../extensions/maggate/plan/read-plan.ts';

/** A read tree as lines of text, one per relation, so that tests can say what they expect in a few words. */
export function planText(node: ReadNode): readonly string[] {
  const { select, where, order, joins, range, relationSelect, spread } = node;
  const parts = [
    `${qualified(node.from)}${node.fromAlias === undefined ? '' : ` ${node.fromAlias}`}`,
    `(${select.map(selectText).join(', ')})`,
    node.join ?? '',
    node.legacyTargetName ? 'legacy' : '',
    joins.length === 0
      ? ''
      : `on ${joins.map(({ left, right }) => `${side(left)} = ${side(right)}`).join(' and ')}`,
    where.length === 0 ? '' : `where ${where.map(logicText).join(' and ')}`,
    order.length === 0 ? '' : `order ${order.map(orderText).join(', ')}`,
    range.limit === undefined ? '' : `limit ${range.limit}`,
    range.offset === 0 ? '' : `offset ${range.offset}`,
    spread?.kind === 'to-many'
      ? `extra (${spread.extraSelect.map(({ alias, select: extra }) => `${alias === undefined ? '' : `${alias}.`}${selectText(extra)}`).join(', ')})` +
        ` order (${spread.order.map(orderText).join(', ')})`
      : '',
    relationSelect.length === 0 ? '' : `shows ${relationSelect.map(shownText).join(', ')}`,
  ];
  const line = parts.filter((part) => part !== '').join(' ');
  return [line, ...node.children.flatMap((child) => planText(child).map((below) => `  ${below}`))];
}

function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return schema === '' ? name : `${schema}.${name}`;
}

function side({ table, column }: { readonly table: ReadNode['from']; readonly column: string }): string {
  return `${qualified(table)}.${column}`;
}

/** `->` where the field is turned to JSON first: `~>`. */
function fieldText({ name, jsonPath, toJson, toTsVector, transform, fullRow }: PlannedField): string {
  const path = jsonPath.map(({ value }) => `${toJson ? '~>' : '->'}${value}`).join('');
  const bare = fullRow ? `row(${name})` : `${name}${path}`;
  const searched = toTsVector === undefined ? bare : `tsvector(${toTsVector ?? 'default'} ${bare})`;
  return transform === undefined ? searched : `${transform}(${searched})`;
}

function selectText({ field, aggregate, aggregateCast, cast, alias }: PlannedSelect): string {
  const taken = `${fieldText(field)}${cast === undefined ? '' : `::${cast}`}`;
  const made = aggregate === undefined ? taken : `${aggregate}(${taken})`;
  return `${made}${aggregateCast === undefined ? '' : `::${aggregateCast}`}${alias === undefined ? '' : ` as ${alias}`}`;
}

function logicText(logic: PlannedLogic): string {
  const not = logic.negated ? 'not ' : '';
  if (logic.kind === 'null-embed') return `${not}no rows of ${logic.alias}`;
  if (logic.kind === 'logic') {
    return `${not}(${logic.children.map(logicText).join(` ${logic.operator} `)})`;
  }
  if (logic.kind !== 'filter') return logic.kind;
  const { operation } = logic;
  const operator = 'operator' in operation ? operation.operator : operation.kind;
  return `${not}${fieldText(logic.field)} ${operator}`;
}

function orderText({ relation, field, direction }: PlannedOrder): string {
  return `${relation === undefined ? '' : `${relation}.`}${fieldText(field)}${direction === undefined ? '' : ` ${direction}`}`;
}

function shownText(shown: RelationSelect): string {
  if (shown.kind === 'json')
    return `${shown.name}: ${shown.empty ? 'hidden ' : ''}${shown.mode} ${shown.alias}`;
  const columns = shown.columns.map(({ name, aggregate, aggregateCast, alias }) => {
    const made = aggregate === undefined ? name : `${aggregate}(${name})`;
    return `${made}${aggregateCast === undefined ? '' : `::${aggregateCast}`}${alias === undefined ? '' : ` as ${alias}`}`;
  });
  return `...${shown.alias}(${columns.join(', ')})`;
}
