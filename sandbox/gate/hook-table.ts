import type { HookOperation } from '../../runtime/protocol/extension-manifest.ts';
import type { ActiveHook, ExtensionsTable } from '../../runtime/protocol/extensions.protocol.ts';

type When = ActiveHook['when'];

interface ProjectHooks {
  readonly hooks: readonly ActiveHook[];
  /** What was asked for so far; of tables that there are, so it is bounded. */
  readonly found: Map<string, readonly ActiveHook[]>;
}

/**
 * Hooks by project, table and operation, sought once for each of them: the threads that serve requests wait while a
 * table is taken over, so that does nothing else.
 */
export class HookTable {
  #projects = new Map<string, ProjectHooks>();

  set(table: ExtensionsTable): void {
    const projects = new Map<string, ProjectHooks>();
    for (const [project, { hooks }] of Object.entries(table.projects)) {
      if (hooks.length > 0) projects.set(project, { hooks, found: new Map() });
    }
    this.#projects = projects;
  }

  /** In the order in which they run; undefined for none. */
  find(
    project: string,
    table: string,
    operation: HookOperation,
    when: When,
  ): readonly ActiveHook[] | undefined {
    const there = this.#projects.get(project);
    if (there === undefined) return undefined;
    const key = `${when} ${operation} ${table}`;
    let found = there.found.get(key);
    if (found === undefined) {
      found = there.hooks.filter(
        (hook) =>
          hook.when === when &&
          hook.operations.includes(operation) &&
          (hook.tables.includes(table) || hook.tables.includes('*')),
      );
      there.found.set(key, found);
    }
    return found.length === 0 ? undefined : found;
  }
}
