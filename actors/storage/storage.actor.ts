import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { Stores } from '../../runtime/persistence/storage-stores.ts';
import { storeMethods } from '../../runtime/persistence/store-methods.ts';
import type { StorageProtocol } from '../../runtime/protocol/storage.protocol.ts';
import { postgresStores } from './journal/postgres-stores.ts';
import { Storage } from './storage.ts';

interface State {
  readonly context: ActorContext;
  readonly storage: Storage;
  readonly stores: Stores;
}

const restMs = 10_000;
const sweepMs = 3_600_000;

/** Storage (MagDS): one thread that owns the database server and everything off the hot path. */
export const actor = defineActor<State, StorageProtocol, { readonly logins: string }>({
  name: 'storage',
  version: '1.0.0',
  // A long import or query of one caller must not keep the others waiting; the work is PostgreSQL's anyway.
  concurrency: 64,

  init(context, { logins }) {
    const storage = new Storage({
      settings: context.settings,
      loginsKey: logins,
      log: context.log,
      signal: context.signal,
      publish: (delta) => context.publish(delta, { acknowledged: true }),
      serverChanged(change) {
        if (change.kind === 'available')
          context.events.emit('database.available', { afterMs: change.afterMs });
        else context.events.emit('database.unavailable', { reason: change.reason });
      },
      schemaChanged: (project) => context.events.emit('database.schema.changed', { project }),
    });
    const stores = postgresStores((statement) => storage.query({ database: 'control', ...statement }));
    return { context, storage, stores };
  },

  async start({ context, storage }) {
    await storage.start();
    context.timers.every(restMs, () => storage.rest());
    context.timers.every(sweepMs, () => storage.sweepAnswers());
  },
  stop: ({ storage }) => storage.stop(),
  snapshot: ({ storage }) => storage.laneSnapshot(),

  healthCheck({ storage }) {
    const { kind, version, pid, address, notes } = storage.facts();
    if (!storage.available) {
      return { status: 'failed', summary: 'PostgreSQL is down and being started again', facts: { kind } };
    }
    return {
      status: 'ok',
      summary: `PostgreSQL ${version} ${kind}, ${address}`,
      facts: { kind, version, pid: pid ?? 0, notes: notes.join('; ') },
    };
  },

  getCapabilities({ storage }) {
    const { kind, version, pid, notes } = storage.facts();
    return [`PostgreSQL ${version} ${kind}${pid === null ? '' : `, pid ${pid}`}`, ...notes];
  },

  methods: {
    ...storeMethods<State>(({ stores }) => stores),
    query: ({ storage }, request) => storage.query(request),
    transaction: ({ storage }, request) => storage.transaction(request),
    sql: ({ storage }, { project, text }, { signal }) => storage.sql(project, text, signal),
    async createProject({ storage, context }, { ref }) {
      const info = await storage.createProject(ref);
      context.events.emit('project.created', { project: ref });
      return info;
    },
    async removeProject({ storage, context }, { ref }) {
      await storage.removeProject(ref);
      context.events.emit('project.removed', { project: ref });
      return { ref };
    },
    listProjects: ({ storage }) => storage.listProjects(),
    project: ({ storage }, { ref }) => storage.project(ref),
    catalog: ({ storage }, { project, known }) => storage.catalog(project, known),
    dataApiSettings: ({ storage }, { project }) => storage.dataApiSettings(project),
    setDataApiSettings: ({ storage }, { project, changes }) => storage.setDataApiSettings(project, changes),
    async watch({ storage }, { project }) {
      await storage.watch(project);
      return { watching: true };
    },
    active: ({ storage }, { projects }) => storage.active(projects),
    expose: ({ storage }, request) => storage.expose(request),
    lint: ({ storage }, { project }) => storage.lint(project),
    extensionLogin: ({ storage }, request) => storage.extensionLogin(request),
    dropExtensionLogin: ({ storage }, request) => storage.dropExtensionLogin(request),
    import: ({ storage }, request, { signal }) => storage.import(request, signal),
    importProgress: ({ storage }, request) => storage.importProgress(request),
    server: ({ storage }) => {
      const { kind, version, pid, address, notes } = storage.facts();
      return { kind, version, pid, address, notes };
    },
  },
});
