import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionsTable } from '../../runtime/protocol/extensions.protocol.ts';
import { FileLedger } from '../broker/capabilities/files/file-ledger.ts';
import { createExtensionBroker } from '../broker/create-extension-broker.ts';
import { PoolBudget } from '../broker/database/pool-budget.ts';
import { SqlCheck } from '../broker/sql-check/sql-check.ts';
import type { CageEnd } from '../cage/cage.ts';
import { createCageFleet } from '../cage/create-cage-fleet.ts';
import type { CageFleet } from '../cage/tenant.ts';
import { createLifecycle } from '../lifecycle/create-lifecycle.ts';
import { createPackageTools } from '../lifecycle/create-package-tools.ts';
import { createExtensionMigrations } from '../lifecycle/extension-migrations.ts';
import { extensionPaths } from '../lifecycle/extension-paths.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Limits } from '../quota/limits.ts';
import { capabilitiesOf } from './capabilities-of.ts';
import { createExtensionRuntime, type PartRuntime } from './create-extension-runtime.ts';
import { registerExtensionMetrics } from './extension-metrics.ts';
import type { ExtensionPlatform } from './extension-platform.ts';
import { extensionsTable } from './extensions-table.ts';
import { SchemaWatch } from './schema-watch.ts';
import { SecurityJournal } from './security-journal.ts';

const auditTimeoutMs = 5_000;
const storageTimeoutMs = 30_000;
const idleMs = 5 * 60_000;
const drainMs = 5_000;
/** Longest time the start waits for the first cage, milliseconds. */
const firstCageMs = 500;
/** Parts an extension may name in `requiredComponents`. */
const components = ['storage', 'psu', 'audit', 'sentinel', 'control', 'maggate', 'extensions', 'cpu'];
/** Version of the API between host and guest. */
const extensionApi = 1;

export interface ExtensionsArguments {
  /** Version of MagFlock, for the range in manifests. */
  readonly engine: string;
}

/** Everything the part `extensions` consists of. */
export interface ExtensionsStation {
  readonly context: ActorContext;
  readonly fleet: CageFleet;
  readonly runtime: PartRuntime;
  readonly lifecycle: Lifecycle;
  table(): ExtensionsTable;
  /** Tells the CPU threads; resolves when all of them know. */
  publish(): Promise<void>;
  /** Ends what was left in the middle, then starts what is enabled. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Puts cages, brokers, runtime and life cycle together. Nothing runs yet. */
export async function openStation(
  context: ActorContext,
  { engine }: ExtensionsArguments,
): Promise<ExtensionsStation> {
  const { settings, log, events } = context;
  const dataDir = resolve(settings.dataDir);
  const paths = extensionPaths(dataDir);
  const storage = context.part('storage');
  const now = Date.now;
  const check = new SqlCheck();
  const pools = new PoolBudget(Math.max(4, Math.floor(settings['storage.maxConnections'] / 4)));
  const fileLedger = new FileLedger();
  const security = new SecurityJournal(context, now);
  let version = 0;
  let stopping = false;

  const policy: Partial<Limits> = {
    memoryMegabytes: settings['extensions.maxMemoryMegabytes'],
    cpuMsPerMinute: settings['extensions.maxCpuMsPerMinute'],
    diskMegabytes: settings['extensions.maxDiskMegabytes'],
  };
  const fleet = createCageFleet({
    folder: paths.root,
    detectionMs: settings['extensions.detectionMs'],
    ...(settings['extensions.cageMegabytes'] === 0
      ? {}
      : { memoryMegabytes: settings['extensions.cageMegabytes'] }),
    onEnded: (end) => cageEnded(end),
    log: (level, message, details) => log[level](details, message),
  });
  const platform: ExtensionPlatform = {
    fleet,
    createBroker: (installed, meter) =>
      createExtensionBroker({
        id: installed.id,
        name: installed.name,
        manifest: installed.manifest,
        grants: installed.grants,
        projects: installed.projects,
        meter,
        now,
        capabilities: capabilitiesOf({
          context,
          filesFolder: join(paths.root, 'files'),
          fileLedger,
          check,
          pools,
          installed: () => currentOf(installed),
          now,
        }),
        denied: (facts) => events.emit('extension.capability.denied', facts),
        // Whoever holds the guest hears of it by the error, and ends it.
        threat: () => {},
        failed: (error) => log.warn({ err: error, extension: installed.id }, 'a capability failed'),
      }),
    readCode: ({ folder }) => readFile(join(folder, 'extension.js'), 'utf8'),
    policy,
    onUndeclared: 'quarantine',
    callMs: settings['limits.requestTimeoutMs'],
    idleMs,
    drainMs,
    now,
  };
  const runtime = createExtensionRuntime({
    context,
    platform,
    security,
    listener: {
      quarantined: (id, reason) =>
        void lifecycle.quarantined(id, reason).catch((error: unknown) => {
          log.error({ err: error, extension: id }, 'the quarantine is not in the lock file');
        }),
    },
    changed: publish,
  });
  const lifecycle: Lifecycle = await createLifecycle({
    dataDir,
    runtime,
    storage: {
      projects: async () =>
        (await storage.ask('listProjects', null, { timeoutMs: storageTimeoutMs })).map(({ ref }) => ref),
      extensionLogin: (request) => storage.ask('extensionLogin', request, { timeoutMs: storageTimeoutMs }),
      dropExtensionLogin: (request) =>
        storage.ask('dropExtensionLogin', request, { timeoutMs: storageTimeoutMs }),
    },
    migrations: createExtensionMigrations({
      read: ({ folder }, path) => readFile(join(folder, path), 'utf8'),
    }),
    policy,
    packages: createPackageTools({ engine, extensionApi, components }),
    events,
    audit: (fact) => context.part('audit').ask('append', fact, { timeoutMs: auditTimeoutMs }),
    log,
    now,
  });
  const schemas = new SchemaWatch({
    timers: context.timers,
    settle: (project) => lifecycle.schemaChanged(project),
  });
  registerExtensionMetrics(context.metrics, runtime.figures, () => fleet.reports().length);

  /** The version a broker belongs to, with the grants it has by now. */
  function currentOf(installed: InstalledExtension): InstalledExtension {
    const found = runtime
      .inService()
      .find(({ id, version: there }) => id === installed.id && there === installed.version);
    return found ?? installed;
  }

  async function publish(): Promise<void> {
    // A part that ends leaves its hooks where they are: until it is back they fail, closed where they say so.
    if (stopping) return;
    version += 1;
    await context.publish(table(), { acknowledged: true });
  }

  /** What runs, and what is to run but does not yet: a hook must not be left out because its extension is late. */
  function table(): ExtensionsTable {
    const running = runtime.inService();
    const ids = new Set(running.map(({ id }) => id));
    const due = lifecycle
      .installed()
      .filter(({ id, wanted }) => wanted !== 'disabled' && !ids.has(id) && !runtime.stopped(id));
    return extensionsTable([...running, ...due], version, now());
  }

  /** So that the boot screen tells walls that stand, and the first call finds a cage. Not worth a late boot. */
  async function firstCage(): Promise<void> {
    const ready = fleet
      .prepare()
      .catch((error: unknown) => log.warn({ err: error }, 'no cage can be made for extensions'));
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, firstCageMs);
    await Promise.race([ready, late]);
    clearTimeout(timer);
  }

  function cageEnded({ pid, reason, detail, suspects, detectedMs }: CageEnd): void {
    if (reason === 'drained') return;
    const [blamed, ...others] = suspects;
    events.emit('extension.cage.killed', {
      pid,
      reason,
      blamed: blamed !== undefined && others.length === 0 ? blamed : '',
      detectedMs,
    });
    // Where nothing points to one of many, accusing all of them would hide the one that did it.
    if (blamed === undefined || others.length > 0) return;
    const installed = runtime.inService().find(({ id }) => id === blamed);
    if (reason === 'breach') security.threat(blamed, null, 'cage-protocol');
    security.write({
      id: blamed,
      version: installed?.version ?? '',
      action: 'extension.cage',
      project: null,
      projects: installed?.projects ?? [],
      reason: `its cage was ended: ${reason}, ${detail}`,
      about: reason,
    });
  }

  return {
    context,
    fleet,
    runtime,
    lifecycle,
    table,
    publish,
    async start() {
      await lifecycle.recover();
      await lifecycle.startAll();
      if (lifecycle.installed().some(({ wanted }) => wanted === 'enabled')) await firstCage();
      // Calls of what is in quarantine are to be told why.
      const there = new Set(runtime.inService().map(({ id }) => id));
      for (const installed of lifecycle.installed()) {
        if (installed.wanted === 'quarantined' && !there.has(installed.id)) await runtime.start(installed);
      }
      events.on('database.schema.changed', ({ project }) => schemas.changed(project));
      events.on('project.removed', ({ project }) => lifecycle.projectRemoved(project));
    },
    async stop() {
      stopping = true;
      await lifecycle.stop();
      await Promise.all(
        runtime
          .inService()
          .map(({ id }) =>
            runtime
              .stop(id)
              .catch((error: unknown) => log.warn({ err: MagFlockError.from(error), extension: id }, 'stop')),
          ),
      );
      await fleet.stop();
      await check.close();
    },
  };
}
