import type { DataSchema, Relationship } from '../../schema-cache/data-schema.ts';

/** The errors of planning a tree of relations, in the words of the dialect that plans. Each returns what is thrown. */
export interface TreeRefusals {
  /** More relations or levels than one request may embed, or a combination that SQL cannot say. */
  notPossible(reason: string): Error;
  /** @param hint what was written after `!` */
  noRelationship(
    schema: DataSchema,
    namespace: string,
    parent: string,
    child: string,
    hint: string | undefined,
  ): Error;
  severalRelationships(parent: string, child: string, found: readonly Relationship[]): Error;
  /** @param renamed the relation is embedded under an alias, and its own name does not count */
  notEmbedded(name: string, renamed: { readonly name: string; readonly alias: string } | undefined): Error;
  /** An order by a relation of several rows. */
  orderNotToOne(table: string, relation: string): Error;
}
