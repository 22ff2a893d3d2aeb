import { ExtensionError } from '../../../../sdk/index.ts';
import { findRelationships } from '../../../plan/embed/find-relationships.ts';
import type { DataSchema, Relationship } from '../../../schema-cache/data-schema.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';

type Written = Extract<Relationship, { kind: 'foreign-key' }>;

/**
 * The relationship that a key of a body names: the related table, the constraint or its one column, and after an
 * exclamation mark the constraint, column or junction that tells two of them apart (`address!billing_fkey`).
 * @returns undefined when there is none of the name
 * @throws MF423 with the candidates when there are several, or when it is a function's
 */
export function findRelation(
  schema: DataSchema,
  table: TableSchema,
  key: string,
  place: string,
): Written | undefined {
  const mark = key.indexOf('!');
  const target = mark === -1 ? key : key.slice(0, mark);
  const hint = mark === -1 ? undefined : key.slice(mark + 1);
  const found = findRelationships(schema, table.schema, table.name, target, hint);
  const [only, another] = found;
  if (only === undefined) return undefined;
  if (another !== undefined) throw ambiguous(key, place, found);
  if (only.kind === 'computed') {
    throw new ExtensionError('MF423', `"${key}" (in ${place}) is made by a function and cannot be written.`, {
      details: { table: table.name, relation: key },
    });
  }
  return only;
}

function ambiguous(key: string, place: string, found: readonly Relationship[]): ExtensionError {
  const target = key.split('!', 1)[0]!;
  const candidates = found.map((one) => `${target}!${hintOf(one)}`);
  return new ExtensionError('MF423', `"${key}" (in ${place}) may mean ${found.length} relationships.`, {
    fix: `Write one of: ${candidates.join(', ')}.`,
    details: { relation: key, candidates },
  });
}

function hintOf(relationship: Relationship): string {
  if (relationship.kind === 'computed') return relationship.function.name;
  const { cardinality } = relationship;
  return cardinality.kind === 'many-to-many' ? cardinality.junction.name : cardinality.constraint;
}
