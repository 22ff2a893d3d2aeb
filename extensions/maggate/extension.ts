import { defineSlotExtension } from '../sdk/gateway.ts';
import { manifest } from './manifest.ts';
import { compileSchema } from './schema-cache/compile-schema.ts';
import { SchemaKeeper } from './schema-cache/schema-keeper.ts';

/** The project whose schema is loaded before the first request. */
const firstProject = 'main';

/** MagGate, owner side: keeps the schemas of active projects and pushes them to the CPU threads. */
export const extension = defineSlotExtension<SchemaKeeper>({
  manifest,
  init: (context) => new SchemaKeeper(context),
  handover: {
    version: 1,
    export: (keeper) => keeper.projects,
    // Read again rather than taken over: what changed in the pause is seen, and the replicas serve meanwhile.
    adopt: (context, projects) => new SchemaKeeper(context, projects as readonly string[]),
  },
  async start(keeper) {
    await keeper.begin(firstProject);
    await keeper.resume();
  },
  stop: (keeper) => keeper.stop(),
  healthCheck(keeper) {
    const missing = keeper.missing[0];
    if (missing !== undefined) {
      return {
        status: 'degraded',
        summary: `The schema of project ${missing.project} is not loaded: ${missing.reason}`,
        fix: 'It is read again by itself. See that Storage is healthy and that no session holds a lock.',
      };
    }
    const stale = keeper.stale[0];
    if (stale !== undefined) {
      return {
        status: 'degraded',
        summary: `The schema of project ${stale.project} is not up to date: ${stale.reason}`,
        fix: 'It is read again by itself. See that Storage is healthy.',
      };
    }
    return { status: 'ok', summary: `${keeper.size} project${keeper.size === 1 ? '' : 's'} active` };
  },
  getCapabilities(keeper) {
    const catalog = keeper.get(firstProject);
    if (catalog === undefined) return [];
    const { tables, endpoints } = compileSchema(catalog);
    return [`Discovered ${tables.size} tables`, `Generated ${endpoints} endpoints`];
  },
  snapshot: (keeper) => keeper.snapshot(),
  async activate(keeper, project) {
    const catalog = await keeper.activate(project);
    const { tables, endpoints } = compileSchema(catalog);
    return { version: catalog.version, tables: tables.size, endpoints };
  },
});
