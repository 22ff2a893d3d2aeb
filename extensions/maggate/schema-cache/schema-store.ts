import type { Catalog } from '../../sdk/index.ts';
import { compileSchema } from './compile-schema.ts';
import type { ProjectSchema } from './project-schema.ts';

/** What the owner publishes: the catalogue of a project, or that it is gone. */
export type SchemaDelta =
  | { readonly project: string; readonly catalog: Catalog }
  | { readonly project: string; readonly catalog: null };

/** The state of all projects for a replica that starts. */
export interface SchemaSnapshot {
  readonly catalogs: readonly Catalog[];
}

/** The schemas a replica plans with. A project's schema is swapped as a whole: the old one serves until then. */
export class SchemaStore {
  readonly #projects = new Map<string, ProjectSchema>();

  get(project: string): ProjectSchema | undefined {
    return this.#projects.get(project);
  }

  applySnapshot(snapshot: SchemaSnapshot): void {
    this.#projects.clear();
    for (const catalog of snapshot.catalogs) this.#projects.set(catalog.project, compileSchema(catalog));
  }

  applyDelta(delta: SchemaDelta): void {
    if (delta.catalog === null) this.#projects.delete(delta.project);
    else this.#projects.set(delta.project, compileSchema(delta.catalog));
  }
}
