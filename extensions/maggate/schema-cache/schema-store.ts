import type { Catalog } from '../../sdk/index.ts';
import { compileDataSchema } from './compile-data-schema.ts';
import { compileSchema } from './compile-schema.ts';
import type { DataSchema } from './data-schema.ts';
import { mergeCatalog } from './merge-catalog.ts';
import type { ProjectSchema } from './project-schema.ts';

/** What the owner publishes: the catalogue of a project, or what changed in it, or that it is gone. */
export type SchemaDelta =
  | { readonly project: string; readonly catalog: Catalog }
  | { readonly project: string; readonly catalog: null };

/** The state of all projects for a replica that starts. */
export interface SchemaSnapshot {
  readonly catalogs: readonly Catalog[];
}

interface Held {
  readonly catalog: Catalog;
  api?: ProjectSchema;
  data?: DataSchema;
}

/**
 * The schemas a replica plans with. A project's schema is swapped as a whole: the old one serves until then. Each form
 * of it is compiled when a request first needs it, from the parts that changed.
 */
export class SchemaStore {
  readonly #projects = new Map<string, Held>();

  /** What the `/api` dialect plans with. */
  get(project: string): ProjectSchema | undefined {
    const held = this.#projects.get(project);
    if (held === undefined) return undefined;
    held.api ??= compileSchema(held.catalog, () => dataOf(held));
    return held.api;
  }

  /** What the data dialects (`/rest/v1`) plan with. */
  data(project: string): DataSchema | undefined {
    const held = this.#projects.get(project);
    if (held === undefined) return undefined;
    return dataOf(held);
  }

  /** Without compiling anything. */
  settings(project: string): Catalog['settings'] | undefined {
    return this.#projects.get(project)?.catalog.settings;
  }

  applySnapshot(snapshot: SchemaSnapshot): void {
    this.#projects.clear();
    for (const catalog of snapshot.catalogs) this.#projects.set(catalog.project, { catalog });
  }

  applyDelta(delta: SchemaDelta): void {
    const { project, catalog } = delta;
    if (catalog === null) this.#projects.delete(project);
    else
      this.#projects.set(project, { catalog: mergeCatalog(this.#projects.get(project)?.catalog, catalog) });
  }
}

function dataOf(held: Held): DataSchema {
  held.data ??= compileDataSchema(held.catalog);
  return held.data;
}
