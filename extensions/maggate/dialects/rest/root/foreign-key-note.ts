import type { DataSchema, DataTable, Relationship } from '../../../schema-cache/data-schema.ts';

type ForeignKey = Extract<Relationship, { kind: 'foreign-key' }>;

/**
 * What a column's description says of the table it refers to, in a form that tools read; undefined for columns that
 * are no foreign key by themselves.
 */
export function foreignKeyNote(schema: DataSchema, table: DataTable, column: string): string | undefined {
  const key = `${table.schema}\0${table.name}\0${table.schema}`;
  const found = (schema.relationships.get(key) ?? [])
    .filter((one): one is ForeignKey => one.kind === 'foreign-key')
    .sort((a, b) => Number(a.foreignTableIsView) - Number(b.foreignTableIsView))
    .find((one) => refersFrom(one, column));
  if (found === undefined || found.cardinality.kind === 'many-to-many') return undefined;
  const { name } = found.foreignTable;
  const target = found.cardinality.columns[0]?.[1];
  return `This is a Foreign Key to \`${name}.${target}\`.<fk table='${name}' column='${target}'/>`;
}

function refersFrom({ cardinality }: ForeignKey, column: string): boolean {
  const refers =
    cardinality.kind === 'many-to-one' || (cardinality.kind === 'one-to-one' && !cardinality.isParent);
  return refers && cardinality.columns.length === 1 && cardinality.columns[0]?.[0] === column;
}
