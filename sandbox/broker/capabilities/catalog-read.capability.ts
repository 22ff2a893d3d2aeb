import type { Capability, CapabilityCall } from '../capability.ts';
import { covers } from '../covers.ts';
import type { CatalogSource } from './catalog.capability.ts';

/** A table as a guest sees it. */
export interface TableFacts {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly primaryKey: readonly string[];
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly nullable: boolean;
    readonly hasDefault: boolean;
    readonly enumValues: readonly string[] | null;
  }[];
}

/** `catalog.read` for guests: tables of the scope with their columns; no comments, defaults, constraints, policies. */
export function catalogReadCapability(source: Pick<CatalogSource, 'read'>): Capability {
  async function tables(call: CapabilityCall): Promise<readonly TableFacts[]> {
    const catalog = await source.read(call.project);
    return (
      catalog.tables
        // Scopes name tables of the first exposed schema.
        .filter(({ schema }) => schema === catalog.settings.dbSchemas[0])
        .filter(({ name }) => covers('catalog.read', call.scopes, name))
        .map(({ schema, name, kind, primaryKey, columns }) => ({
          schema,
          name,
          kind,
          primaryKey,
          columns: columns.map((column) => ({
            name: column.name,
            type: column.type,
            nullable: column.nullable,
            hasDefault: column.hasDefault,
            enumValues: column.enumValues,
          })),
        }))
    );
  }
  return { name: 'catalog.read', methods: { tables } };
}
