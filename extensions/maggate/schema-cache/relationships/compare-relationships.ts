import type { Cardinality, ColumnPairs, QualifiedName, Relationship } from '../data-schema.ts';

const ranks = { 'one-to-many': 0, 'many-to-one': 1, 'one-to-one': 2, 'many-to-many': 3 } as const;

/**
 * Order in which PostgREST lists relationships, which shows where several fit (PGRST201): by tables, kind, constraint,
 * columns; computed ones last (`SchemaCache/Relationship.hs`).
 */
export function compareRelationships(a: Relationship, b: Relationship): number {
  if (a.kind === 'computed' || b.kind === 'computed') {
    if (a.kind !== b.kind) return a.kind === 'computed' ? 1 : -1;
    if (a.kind !== 'computed' || b.kind !== 'computed') return 0;
    return (
      compareNames(a.function, b.function) ||
      compareNames(a.table, b.table) ||
      compareNames(a.foreignTable, b.foreignTable)
    );
  }
  return (
    compareNames(a.table, b.table) ||
    compareNames(a.foreignTable, b.foreignTable) ||
    Number(a.isSelf) - Number(b.isSelf) ||
    compareCardinalities(a.cardinality, b.cardinality) ||
    Number(a.tableIsView) - Number(b.tableIsView) ||
    Number(a.foreignTableIsView) - Number(b.foreignTableIsView)
  );
}

function compareCardinalities(a: Cardinality, b: Cardinality): number {
  const rank = ranks[a.kind] - ranks[b.kind];
  if (rank !== 0) return rank;
  if (a.kind === 'many-to-many' && b.kind === 'many-to-many') {
    return (
      compareNames(a.junction, b.junction) ||
      compareTexts(a.constraint1, b.constraint1) ||
      compareTexts(a.constraint2, b.constraint2) ||
      comparePairs(a.source, b.source) ||
      comparePairs(a.target, b.target)
    );
  }
  if (a.kind === 'many-to-many' || b.kind === 'many-to-many') return 0;
  return (
    compareTexts(a.constraint, b.constraint) ||
    comparePairs(a.columns, b.columns) ||
    (a.kind === 'one-to-one' && b.kind === 'one-to-one' ? Number(a.isParent) - Number(b.isParent) : 0)
  );
}

function comparePairs(a: ColumnPairs, b: ColumnPairs): number {
  for (const [index, [left, right]] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareTexts(left, other[0]) || compareTexts(right, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareNames(a: QualifiedName, b: QualifiedName): number {
  return compareTexts(a.schema, b.schema) || compareTexts(a.name, b.name);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
