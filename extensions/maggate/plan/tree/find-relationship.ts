import type { DataSchema, Relationship } from '../../schema-cache/data-schema.ts';
import { findRelationships } from '../embed/find-relationships.ts';
import type { TreeRefusals } from './tree-refusals.ts';

/**
 * The relationship from a table to what is embedded in it.
 * @throws TreeRefusals.noRelationship, TreeRefusals.severalRelationships
 */
export function findRelationship(
  schema: DataSchema,
  namespace: string,
  origin: string,
  target: string,
  hint: string | undefined,
  refusals: TreeRefusals,
): Relationship {
  const found = findRelationships(schema, namespace, origin, target, hint);
  const [only, another] = found;
  if (only === undefined) throw refusals.noRelationship(schema, namespace, origin, target, hint);
  if (another !== undefined) throw refusals.severalRelationships(origin, target, found);
  return only;
}
