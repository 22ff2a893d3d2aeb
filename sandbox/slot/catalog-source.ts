import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { CatalogSource } from '../broker/capabilities/catalog.capability.ts';

const storagePath = '/storage';
const catalogTimeoutMs = 15_000;

/**
 * Storage's catalogue and its schema events as a capability reaches them. A restarted Storage has forgotten who
 * watches, and changes may have gone by meanwhile, so everything watched is watched and read again.
 */
export function catalogSource(context: Pick<ActorContext, 'part' | 'events' | 'log'>): CatalogSource {
  const storage = context.part('storage');
  const watchers = new Map<string, (() => void)[]>();
  const announce = (project: string) => {
    for (const changed of watchers.get(project) ?? []) changed();
  };
  const rewatch = async (project: string) => {
    try {
      await storage.ask('watch', { project }, { timeoutMs: catalogTimeoutMs });
      announce(project);
    } catch (error) {
      context.log.warn({ err: error, project }, 'schema changes of the project are not followed');
    }
  };
  context.events.on('database.schema.changed', ({ project }) => announce(project));
  context.events.on('component.restarted', ({ path }) => {
    if (path !== storagePath) return;
    for (const project of watchers.keys()) void rewatch(project);
  });
  return {
    read: (project, known) =>
      storage.ask('catalog', known === undefined ? { project } : { project, known }, {
        timeoutMs: catalogTimeoutMs,
      }),
    async watch(project, changed) {
      await storage.ask('watch', { project }, { timeoutMs: catalogTimeoutMs });
      watchers.set(project, [...(watchers.get(project) ?? []), changed]);
    },
  };
}
