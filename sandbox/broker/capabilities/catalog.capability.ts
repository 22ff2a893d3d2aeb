import type { Catalog } from '../../../runtime/protocol/catalog.ts';
import type { ExtensionContext } from '../../../runtime/protocol/extension.protocol.ts';
import type { Broker } from '../broker.ts';

/** What the capability reaches in the machine. */
export interface CatalogSource {
  read(project: string, known?: Catalog['digests']): Promise<Catalog>;
  watch(project: string, changed: () => void): Promise<void>;
}

/**
 * `catalog.read` and `catalog.watch`. With a scope of table names an extension sees those tables and no others.
 */
export function catalogCapability(broker: Broker, source: CatalogSource): ExtensionContext['catalog'] {
  return {
    async read(project, known) {
      broker.demand('catalog.read');
      const catalog = await source.read(project, known);
      const scopes = broker.scopes('catalog.read');
      if (scopes.includes('*')) return catalog;
      // Keys and functions of everything else are not in the scope either.
      return {
        ...catalog,
        tables: catalog.tables.filter((table) => scopes.includes(table.name)),
        hidden: [],
        routines: [],
        computedRelationships: [],
        representations: [],
        mediaHandlers: [],
        roles: [],
      };
    },
    async watch(project, changed) {
      broker.demand('catalog.watch');
      await source.watch(project, changed);
    },
  };
}
