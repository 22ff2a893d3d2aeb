import type { Catalog } from '../../../runtime/protocol/catalog.ts';
import type { ExtensionContext, ExtensionLog } from '../../../runtime/protocol/extension.protocol.ts';

const silent: ExtensionLog = { debug() {}, info() {}, warn() {}, error() {} };

export interface FakeContext extends ExtensionContext {
  /** Everything the extension published, oldest first. */
  readonly published: readonly unknown[];
  /** Projects it watches. */
  readonly watched: ReadonlySet<string>;
  /** Replaces a project's catalogue and calls its watchers back, as DDL does; null removes the project. */
  change(project: string, catalog: Catalog | null): void;
}

/**
 * An extension's host for tests: fake capabilities over catalogues in memory.
 * @param catalogs catalogue by project ref
 * @param config what the operator set
 */
export function fakeContext(
  catalogs: Readonly<Record<string, Catalog>>,
  config: Readonly<Record<string, string | number | boolean>> = {},
): FakeContext {
  const present = new Map(Object.entries(catalogs));
  const watchers = new Map<string, (() => void)[]>();
  const published: unknown[] = [];
  return {
    log: silent,
    config,
    published,
    get watched() {
      return new Set(watchers.keys());
    },
    catalog: {
      async read(project) {
        const catalog = present.get(project);
        // The shape of an error of the host: a code of its catalogue.
        if (catalog === undefined)
          throw Object.assign(new Error(`No project "${project}".`), { code: 'MF508' });
        return catalog;
      },
      async watch(project, changed) {
        const list = watchers.get(project) ?? [];
        list.push(changed);
        watchers.set(project, list);
      },
    },
    async publish(delta) {
      published.push(structuredClone(delta));
    },
    change(project, catalog) {
      if (catalog === null) present.delete(project);
      else present.set(project, catalog);
      for (const changed of watchers.get(project) ?? []) changed();
    },
  };
}
