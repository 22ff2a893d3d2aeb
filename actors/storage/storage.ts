import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Settings } from '../../config/settings.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Catalog } from '../../runtime/protocol/catalog.ts';
import type { DataApiSettings } from '../../runtime/protocol/data-api-settings.ts';
import type {
  ExposeRequest,
  ExtensionLoginRequest,
  ImportProgress,
  ImportRequest,
  LintFinding,
  ProjectInfo,
  QueryRequest,
  QueryRows,
  SqlResult,
  StorageProtocol,
  TransactionRequest,
} from '../../runtime/protocol/storage.protocol.ts';
import type { Logger } from '../../runtime/telemetry/logger.ts';
import { projectDatabase } from './database-names.ts';
import { EmbeddedServer } from './embedded/embedded-server.ts';
import type { Endpoint } from './endpoint.ts';
import { ExtensionLogins } from './extension-logins/extension-logins.ts';
import { ExternalServer } from './external/external-server.ts';
import type { LaneDelta, LaneSnapshot } from './lane-state.ts';
import { lintProject } from './lint/lint-project.ts';
import { deriveLogins, type Logins } from './login.ts';
import { exposeTable } from './owner/expose-table.ts';
import { importFile } from './owner/import/import-file.ts';
import { OwnerConnections } from './owner/owner-connections.ts';
import { readCatalog } from './owner/read-catalog.ts';
import { runSql, textTypes } from './owner/run-sql.ts';
import { sweepAnswers } from './owner/sweep-answers.ts';
import { SchemaWatch } from './owner/watch-schema.ts';
import { catalogOnly, connect } from './postgres/connect.ts';
import { Pools } from './postgres/pools.ts';
import { ownerConnections } from './postgres/share-connections.ts';
import { prepareServer } from './projects/prepare-server.ts';
import { Projects } from './projects/projects.ts';
import type { DatabaseServer, ServerChange, ServerFacts } from './server.ts';
import { changeDataApiSettings } from './settings/change-data-api-settings.ts';
import { readDataApiSettings } from './settings/read-data-api-settings.ts';

export interface StorageOptions {
  readonly settings: Pick<
    Settings,
    'dataDir' | 'databaseUrl' | 'storage.maxConnections' | 'storage.idleSeconds'
  >;
  /** Key for logins, 64 hex digits. */
  readonly loginsKey: string;
  readonly log: Logger;
  /** Aborted when the part has to stop. */
  readonly signal?: AbortSignal;
  /** What the lanes in the CPU threads must learn. Resolves when all of them have. */
  publish(delta: LaneDelta): Promise<void>;
  serverChanged(change: ServerChange): void;
  schemaChanged(project: string): void;
}

const defaultProject = 'main';

/** A project whose schema changes are announced. */
interface Watched {
  readonly watch: Promise<SchemaWatch>;
  activeAt: number;
}

/** The owner side of Storage without the actor around it: one server, its databases, and what runs off the hot path. */
export class Storage {
  readonly #options: StorageOptions;
  readonly #logins: Logins;
  readonly #server: DatabaseServer;
  readonly #pools: Pools;
  readonly #owners: OwnerConnections;
  readonly #extensionLogins: ExtensionLogins;
  readonly #imports = new Map<string, ImportProgress>();
  readonly #watches = new Map<string, Watched>();
  #projects: Projects | undefined;
  #notes: readonly string[] = [];

  constructor(options: StorageOptions) {
    const { settings, log } = options;
    this.#options = options;
    this.#logins = deriveLogins(options.loginsKey);
    this.#server =
      settings.databaseUrl === null
        ? new EmbeddedServer({
            dataDir: resolve(settings.dataDir),
            superuser: this.#logins.superuser(),
            maxConnections: settings['storage.maxConnections'],
            log,
            ...(options.signal === undefined ? {} : { signal: options.signal }),
          })
        : new ExternalServer(settings.databaseUrl, log);
    this.#pools = new Pools({
      server: this.#server,
      idleMs: settings['storage.idleSeconds'] * 1000,
      connections: ownerConnections(settings['storage.maxConnections']),
    });
    this.#owners = new OwnerConnections(this.#server, this.#logins);
    this.#extensionLogins = new ExtensionLogins(this.#server, this.#logins);
    this.#server.onChange((change) => this.#onServerChange(change));
  }

  /** Starts or adopts the server, prepares it and makes the default project. @throws MF7xx with the fix */
  async start(): Promise<void> {
    const { log } = this.#options;
    await this.#server.start();
    const { maintenance } = this.#server;
    const { fresh, projectDigest, notes } = await prepareServer(this.#server, maintenance, log);
    this.#notes = notes;
    const projects = new Projects({
      server: this.#server,
      logins: this.#logins,
      pools: this.#pools,
      log,
      maintenance,
      projectDigest,
    });
    this.#projects = projects;
    await projects.open(defaultProject, (ref) => this.#publish(this.#ready(ref)));
    if (fresh && this.#server.facts.kind === 'embedded') void this.#checkpoint();
  }

  async stop(): Promise<void> {
    await Promise.allSettled([...this.#watches.values()].map(async ({ watch }) => (await watch).stop()));
    this.#watches.clear();
    await this.#owners.closeAll();
    await this.#pools.close();
    await this.#server.stop();
  }

  facts(): ServerFacts {
    const facts = this.#server.facts;
    return { ...facts, notes: [...facts.notes, ...this.#notes] };
  }

  /** @throws MF503 while the server is down */
  get endpoint(): Endpoint {
    return this.#server.endpoint;
  }

  get available(): boolean {
    return this.#server.available;
  }

  laneSnapshot(): LaneSnapshot {
    return {
      endpoint: this.#server.available ? this.#server.endpoint : null,
      projects: [...this.#all.ready].map((ref) => [ref, this.#logins.authenticator(ref).password] as const),
    };
  }

  async query({ database, ...statement }: QueryRequest): Promise<QueryRows> {
    await this.#assertProject(database);
    return this.#pools.query(database, statement);
  }

  async transaction({ database, statements }: TransactionRequest): Promise<readonly QueryRows[]> {
    await this.#assertProject(database);
    return this.#pools.transaction(database, statements);
  }

  async sql(project: string, text: string, signal?: AbortSignal): Promise<readonly SqlResult[]> {
    await this.#all.assertReady(project);
    return this.#owners.use(project, 'sql', (client) => runSql(client, text), {
      client: { types: textTypes },
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async createProject(ref: string): Promise<ProjectInfo> {
    const info = await this.#all.create(ref);
    await this.#options.publish(this.#ready(ref));
    return info;
  }

  async removeProject(ref: string): Promise<void> {
    await this.#all.assertReady(ref);
    // First the lanes let go of it, then it goes.
    await this.#options.publish({ kind: 'project-removed', ref });
    await this.#unwatch(ref);
    await this.#all.remove(ref);
  }

  async listProjects(): Promise<readonly ProjectInfo[]> {
    return this.#all.list();
  }

  async project(ref: string): Promise<ProjectInfo> {
    return this.#all.info(ref);
  }

  async catalog(project: string, known: Catalog['digests'] = {}): Promise<Catalog> {
    await this.#all.assertReady(project);
    const authenticator = this.#logins.authenticator(project).user;
    for (;;) {
      const settings = await readDataApiSettings(this.#pools, project);
      const catalog = await readCatalog(this.#pools, project, { settings, authenticator, known });
      // They are in another database: a version must not come with settings older than it.
      if (isDeepStrictEqual(settings, await readDataApiSettings(this.#pools, project))) return catalog;
    }
  }

  async dataApiSettings(project: string): Promise<DataApiSettings> {
    await this.#all.assertReady(project);
    return readDataApiSettings(this.#pools, project);
  }

  /** @throws MF520 naming the setting */
  async setDataApiSettings(
    project: string,
    changes: Readonly<Record<string, unknown>>,
  ): Promise<DataApiSettings> {
    await this.#all.assertReady(project);
    const settings = await changeDataApiSettings(this.#pools, project, changes);
    // A watch that sleeps did not hear of it; awake, it compares versions.
    this.active([project]);
    return settings;
  }

  async expose(
    request: ExposeRequest,
  ): Promise<{ readonly rowSecurity: boolean; readonly policies: number }> {
    await this.#all.assertReady(request.project);
    return this.#owners.use(request.project, 'expose', (client) => exposeTable(client, request));
  }

  async lint(project: string): Promise<readonly LintFinding[]> {
    const { settings } = await this.catalog(project);
    return lintProject(this.#pools, project, settings.dbSchemas, this.#logins.authenticator(project).user);
  }

  async extensionLogin(request: ExtensionLoginRequest): Promise<{ url: string; schema: string | null }> {
    await this.#all.assertReady(request.project);
    return this.#extensionLogins.ensure(request);
  }

  async dropExtensionLogin(
    request: Parameters<StorageProtocol['dropExtensionLogin']>[0],
  ): Promise<{ readonly dropped: boolean }> {
    await this.#all.assertReady(request.project);
    return this.#extensionLogins.drop(request);
  }

  /** Imports a file as the project's owner, all or nothing. @throws MF511, MF805 */
  async import(request: ImportRequest, signal?: AbortSignal): Promise<ImportProgress> {
    const { project, file } = request;
    await this.#all.assertReady(project);
    const key = importKey(request);
    if (this.#imports.has(key)) throw new MagFlockError('MF511', `${file} is being imported already.`);
    this.#imports.set(key, { bytes: 0, totalBytes: 0, statements: 0, rows: 0 });
    try {
      return await this.#owners.use(
        project,
        'import',
        (client) =>
          importFile(client, { file, signal, progress: (progress) => void this.#imports.set(key, progress) }),
        { client: { pipeline: true }, ...(signal === undefined ? {} : { signal }) },
      );
    } finally {
      this.#imports.delete(key);
    }
  }

  importProgress(request: ImportRequest): ImportProgress | null {
    return this.#imports.get(importKey(request)) ?? null;
  }

  /** Begins to announce the project's schema changes; a second call changes nothing. */
  async watch(project: string): Promise<void> {
    await this.#all.assertReady(project);
    let watched = this.#watches.get(project);
    if (watched === undefined) {
      watched = { watch: this.#startWatch(project), activeAt: Date.now() };
      this.#watches.set(project, watched);
      watched.watch.catch(() => this.#watches.delete(project));
    }
    await watched.watch;
  }

  /** Requests came for these projects: one that slept listens again. */
  active(projects: readonly string[]): void {
    for (const project of projects) {
      const watched = this.#watches.get(project);
      if (watched === undefined) continue;
      watched.activeAt = Date.now();
      void watched.watch.then((watch) => watch.wake()).catch(() => {});
    }
  }

  /** Lets the watches of projects sleep that nobody uses: a LISTEN connection costs the server 5 MB. */
  rest(): void {
    const before = Date.now() - this.#options.settings['storage.idleSeconds'] * 1000;
    for (const { watch, activeAt } of this.#watches.values()) {
      if (activeAt < before) void watch.then((one) => one.sleep()).catch(() => {});
    }
  }

  /** Once an hour: projects that were used within a day may have answers that expired. */
  async sweepAnswers(): Promise<void> {
    const since = Date.now() - 26 * 3_600_000;
    for (const [project, { activeAt }] of this.#watches) {
      if (activeAt > since) await sweepAnswers(this.#pools, project).catch(() => {});
    }
  }

  get #all(): Projects {
    if (this.#projects === undefined) throw new TypeError('Storage was not started');
    return this.#projects;
  }

  async #assertProject(database: QueryRequest['database']): Promise<void> {
    if (database.startsWith('project:')) await this.#all.assertReady(database.slice('project:'.length));
  }

  async #startWatch(project: string): Promise<SchemaWatch> {
    const watch = new SchemaWatch({
      connect: () =>
        connect({
          endpoint: this.#server.endpoint,
          login: this.#server.administrator,
          database: projectDatabase(project),
          name: 'watch',
          client: catalogOnly,
        }),
      changed: () => this.#options.schemaChanged(project),
    });
    await watch.start();
    return watch;
  }

  async #unwatch(project: string): Promise<void> {
    const watched = this.#watches.get(project);
    this.#watches.delete(project);
    await (await watched?.watch.catch(() => undefined))?.stop();
  }

  /**
   * New databases are a thousand files that only the log vouches for. Written now, beside the boot, a crash that
   * comes soon does not have to make them again.
   */
  async #checkpoint(): Promise<void> {
    await this.#pools.query('control', { text: 'checkpoint' }).catch(() => {});
  }

  #ready(ref: string): LaneDelta {
    return { kind: 'project-ready', ref, password: this.#logins.authenticator(ref).password };
  }

  #onServerChange(change: ServerChange): void {
    // Connections of the old server are dead; the pools are made anew, on the port it has now.
    void this.#pools.close();
    this.#options.serverChanged(change);
    this.#publish({ kind: 'server', endpoint: change.kind === 'available' ? this.#server.endpoint : null });
  }

  /** Without waiting: a CPU thread that is gone gets everything with its next snapshot. */
  #publish(delta: LaneDelta): void {
    this.#options.publish(delta).catch((err: unknown) => {
      this.#options.log.warn({ err, kind: delta.kind }, 'a CPU thread did not take a change of Storage');
    });
  }
}

function importKey({ project, file }: ImportRequest): string {
  return `${project} ${file}`;
}
