import { ExtensionError } from '../../../../sdk/index.ts';
import { malformed } from '../../../parse/malformed.ts';
import type { TreeRefusals } from '../../../plan/tree/tree-refusals.ts';
import type { DataSchema, Relationship } from '../../../schema-cache/data-schema.ts';
import { nameKey } from '../../../schema-cache/name-key.ts';
import { nearestName } from '../../../schema-cache/nearest-name.ts';

/** What planning a tree of relations refuses, as errors of the catalogue: MF405, MF408. */
export const apiTreeRefusals: TreeRefusals = {
  notPossible: (reason) => malformed('fields', reason),
  noRelationship,
  severalRelationships,
  notEmbedded: (name) =>
    malformed(name, `"${name}" is not embedded in this list.`, `Embed it: fields=${name}(…).`),
  orderNotToOne: (table, relation) =>
    malformed('sort', `A row of "${table}" has several of "${relation}": they give no order.`),
};

function noRelationship(
  schema: DataSchema,
  namespace: string,
  parent: string,
  child: string,
  hint: string | undefined,
): Error {
  const known = schema.relationships.get(nameKey(nameKey(namespace, parent), namespace)) ?? [];
  const names = [...new Set(known.map(nameOf))].sort();
  const near = nearestName(child, names);
  const by = hint === undefined ? '' : ` by "${hint}"`;
  return new ExtensionError('MF408', `No foreign key leads from "${parent}" to "${child}"${by}.`, {
    fix:
      near !== undefined && near !== child
        ? `Did you mean "${near}"?`
        : names.length === 0
          ? `"${parent}" has no relationships; a foreign key makes one.`
          : `"${parent}" can embed: ${names.join(', ')}.`,
    details: { table: parent, relation: child, ...(near === undefined ? {} : { didYouMean: near }) },
  });
}

function severalRelationships(parent: string, child: string, found: readonly Relationship[]): Error {
  const candidates = found.flatMap((one) => hintOf(child, one) ?? []);
  return new ExtensionError('MF408', `Several relationships lead from "${parent}" to "${child}".`, {
    fix: `Say which one: ${candidates.map((candidate) => `${candidate}(…)`).join(', ')}.`,
    details: { table: parent, relation: child, candidates },
  });
}

function nameOf(relationship: Relationship): string {
  return relationship.kind === 'computed' ? relationship.function.name : relationship.foreignTable.name;
}

function hintOf(child: string, relationship: Relationship): string | undefined {
  if (relationship.kind === 'computed') return undefined;
  const { cardinality, foreignTable } = relationship;
  const hint = cardinality.kind === 'many-to-many' ? cardinality.junction.name : cardinality.constraint;
  return `${foreignTable.name === child ? child : foreignTable.name}!${hint}`;
}
