import { findRelationships } from '../../../plan/embed/find-relationships.ts';
import type { DataSchema, Relationship } from '../../../schema-cache/data-schema.ts';
import { relationshipAmbiguous } from '../errors/relationship-ambiguous.ts';
import { relationshipNotFound } from '../errors/relationship-not-found.ts';

/**
 * The relationship from a table to what is embedded in it.
 * @throws PGRST200 when there is none, PGRST201 when there are several
 */
export function findRelationship(
  schema: DataSchema,
  namespace: string,
  origin: string,
  target: string,
  hint: string | undefined,
): Relationship {
  const found = findRelationships(schema, namespace, origin, target, hint);
  const [only, another] = found;
  if (only === undefined) throw relationshipNotFound(schema, namespace, origin, target, hint);
  if (another !== undefined) throw relationshipAmbiguous(origin, target, found);
  return only;
}
