import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest, Permission } from '../../../runtime/protocol/extension-manifest.ts';
import type { ExtensionLoginRequest } from '../../../runtime/protocol/storage.protocol.ts';
import { createLifecycle } from '../../../sandbox/lifecycle/create-lifecycle.ts';
import { extensionPaths } from '../../../sandbox/lifecycle/extension-paths.ts';
import type { InstalledExtension } from '../../../sandbox/lifecycle/installed-extension.ts';
import type { Lifecycle } from '../../../sandbox/lifecycle/lifecycle.ts';
import type { LifecycleOptions } from '../../../sandbox/lifecycle/lifecycle-options.ts';

/** Of one project: what the fake of Storage would have in PostgreSQL. */
interface FakeDatabase {
  readonly logins: Record<string, { readonly read: string[]; readonly schema: string | null }>;
  /** Migrations in force, by schema. */
  readonly schemas: Record<string, number>;
}

export interface PackageWish {
  readonly id?: string;
  readonly name?: string;
  readonly version?: string;
  readonly permissions?: readonly Permission[];
  readonly migrations?: number;
  readonly signature?: 'signed' | 'unsigned' | 'modified';
  readonly publisher?: string;
  readonly config?: ExtensionManifest['config'];
  readonly dependencies?: ExtensionManifest['dependencies'];
  readonly needs?: string;
}

export interface LifecycleWorld {
  readonly lifecycle: Lifecycle;
  /** What the runtime, events and audit were told, in order: `start acme.orders 1.0.0`. */
  readonly told: string[];
  /** Steps of operations, in order. */
  readonly steps: string[];
  /** Makes what is named `runtime.start` or `up` fail the next time. */
  readonly broken: Set<string>;
  clock: number;
  readonly grantsInRuntime: Map<string, readonly Permission[]>;
  /** Refs of projects that Storage does not have. */
  readonly missing: Set<string>;
  /** Writes a package; answers its path. */
  pack(wish?: PackageWish): string;
}

export const basicPermissions: readonly Permission[] = [
  { capability: 'db.schema', scope: ['*'], reason: 'keeps totals' },
  { capability: 'db.read', scope: ['orders'], reason: 'sums them up' },
  { capability: 'cache', scope: ['*'], reason: 'is faster', optional: true },
];

/**
 * A life cycle with everything around it made up, and all that must outlive a power cut in files of the folder.
 * @param onStep called before each step
 */
export async function lifecycleWorld(
  folder: string,
  onStep: (kind: string, step: string) => void = () => undefined,
): Promise<LifecycleWorld> {
  const told: string[] = [];
  const steps: string[] = [];
  const broken = new Set<string>();
  const running = new Map<string, InstalledExtension>();
  const quarantined = new Map<string, string>();
  const grantsInRuntime = new Map<string, readonly Permission[]>();
  const tell = (what: string): void => {
    told.push(what);
    const name = what.split(' ')[0]!;
    if (broken.delete(name)) throw new MagFlockError('MF660', `${name} is broken`);
  };
  const missing = new Set<string>();
  const databases = fakeDatabases(folder, missing, tell);
  const options: LifecycleOptions = {
    dataDir: folder,
    now: () => world.clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    events: { emit: (name, payload) => void told.push(`event ${name} ${JSON.stringify(payload)}`) },
    audit: async ({ action, target }) => void told.push(`audit ${action} ${target}`),
    onStep(kind, step) {
      steps.push(step);
      onStep(kind, step);
    },
    ...databases,
    runtime: {
      async start(installed) {
        tell(`runtime.start ${installed.id} ${installed.version}`);
        running.set(installed.id, installed);
        quarantined.delete(installed.id);
      },
      async replace(installed) {
        tell(`runtime.replace ${installed.id} ${installed.version}`);
        running.set(installed.id, installed);
      },
      async stop(id) {
        tell(`runtime.stop ${id}`);
        running.delete(id);
      },
      async run(installed, entry) {
        tell(`runtime.${entry} ${installed.id} ${installed.projects.join(',')}`);
      },
      regrant(id, grants) {
        grantsInRuntime.set(id, grants);
        told.push(`regrant ${id} ${grants.map(({ capability }) => capability).join(',')}`);
      },
      async quarantine(id, reason) {
        tell(`runtime.quarantine ${id}`);
        running.delete(id);
        quarantined.set(id, reason);
      },
      facts(id) {
        if (!running.has(id) && !quarantined.has(id)) return undefined;
        const usage = { calls: 0, failures: 0, concurrentCalls: 0, cpuMs: 0, cpuMsLastMinute: 0 };
        const more = { heapBytes: 0, syscalls: 0, rows: 0, egressBytes: 0, diskBytes: 0, logLines: 0 };
        const state = quarantined.has(id) ? 'quarantined' : 'idle';
        const reason = quarantined.get(id) ?? null;
        return {
          state,
          reason,
          incarnation: 1,
          restarts: 0,
          usage: { ...usage, ...more, refusals: {} },
          history: [],
        };
      },
      logs: () => [],
    },
    packages: {
      inspect(bytes) {
        const { manifest, signature, publisher } = JSON.parse(bytes.toString());
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return {
          manifest,
          publisher,
          trust: signature === 'signed' ? 'signed' : 'unsigned',
          signature,
          signedBy: signature === 'signed' ? `SHA256:${'k'.repeat(43)}` : null,
          sha256,
          digest: sha256,
          rotations: [],
          objection: signature === 'signed' ? null : 'nobody signed it',
          findings: [],
          unpack(to) {
            mkdirSync(to);
            writeFileSync(join(to, 'extension.js'), `// ${manifest.version}`);
          },
        };
      },
      identify(bytes) {
        const { signature } = JSON.parse(bytes.toString());
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return {
          sha256,
          digest: sha256,
          signedBy: signature === 'signed' ? `SHA256:${'k'.repeat(43)}` : null,
        };
      },
      obstacles: (manifest, installed) => [
        ...(manifest.engine === undefined ? [] : [`it needs MagFlock ${manifest.engine}`]),
        ...Object.keys(manifest.dependencies ?? {})
          .filter((id) => !installed.some((one) => one.id === id))
          .map((id) => `it needs ${id}`),
      ],
    },
  };
  const world: LifecycleWorld = {
    lifecycle: undefined as unknown as Lifecycle,
    told,
    steps,
    broken,
    clock: Date.parse('2030-01-01T00:00:00Z'),
    grantsInRuntime,
    missing,
    pack: (wish = {}) => pack(folder, wish),
  };
  Object.assign(world, { lifecycle: await createLifecycle(options) });
  return world;
}

function pack(folder: string, wish: PackageWish): string {
  const { id = 'acme.orders', version = '1.0.0', migrations = 1, signature = 'signed' } = wish;
  const manifest: ExtensionManifest = {
    id,
    name: wish.name ?? id.split('.')[1]!,
    version,
    description: 'for tests',
    requiredComponents: [],
    permissions: wish.permissions ?? basicPermissions,
    migrations: Array.from({ length: migrations }, (_, index) => `migrations/${index + 1}.sql`),
    ...(wish.config === undefined ? {} : { config: wish.config }),
    ...(wish.dependencies === undefined ? {} : { dependencies: wish.dependencies }),
    ...(wish.needs === undefined ? {} : { engine: wish.needs }),
  };
  const publisher = wish.publisher ?? id.split('.')[0]!;
  const text = JSON.stringify({ manifest, signature, publisher });
  const file = join(folder, `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.magx`);
  writeFileSync(file, text);
  return file;
}

/** Storage and migrations; the databases are one file, as a server outlives the daemon. */
function fakeDatabases(
  folder: string,
  missing: ReadonlySet<string>,
  tell: (what: string) => void,
): Pick<LifecycleOptions, 'storage' | 'migrations'> {
  const file = join(folder, 'databases.json');
  const read = (): Record<string, FakeDatabase> =>
    existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const change = (project: string, act: (database: FakeDatabase) => void): void => {
    if (project === 'gone') throw new MagFlockError('MF508', 'no project "gone"');
    const all = read();
    all[project] ??= { logins: {}, schemas: {} };
    act(all[project]);
    writeFileSync(file, JSON.stringify(all));
  };
  const ofUrl = (url: string): [string, string] => url.slice('fake://'.length).split('/') as [string, string];
  return {
    storage: {
      projects: async () => ['main', 'shop', 'gone', 'late'].filter((ref) => !missing.has(ref)),
      async extensionLogin({ project, extension, schema, read: tables }: ExtensionLoginRequest) {
        tell(`login ${project} ${tables.map(({ table }) => table).join(',')}`);
        change(project, ({ logins, schemas }) => {
          logins[extension] = { read: tables.map(({ table }) => table), schema };
          if (schema !== null) schemas[schema] ??= 0;
        });
        return { url: `fake://${project}/${schema}`, schema };
      },
      async dropExtensionLogin({ project, extension, keepSchema }) {
        tell(`drop ${project}`);
        change(project, ({ logins, schemas }) => {
          delete logins[extension];
          if (keepSchema !== true) delete schemas[`ext_${extension.split('.')[1]}`];
        });
      },
    },
    migrations: {
      async version({ url }) {
        const [project, schema] = ofUrl(url);
        return read()[project]?.schemas[schema] ?? 0;
      },
      async up({ manifest }, { url }) {
        const [project, schema] = ofUrl(url);
        // One after the other, each in a transaction of its own: the last one may fail.
        for (let number = (read()[project]?.schemas[schema] ?? 0) + 1; ; number += 1) {
          if (number > (manifest.migrations?.length ?? 0)) return;
          tell(`up ${project} ${number}`);
          change(project, ({ schemas }) => {
            schemas[schema] = number;
          });
        }
      },
      async down(_, { url }, to) {
        const [project, schema] = ofUrl(url);
        tell(`down ${project} ${to}`);
        change(project, ({ schemas }) => {
          schemas[schema] = to;
        });
      },
    },
  };
}

/** Everything that must be as before or as after, and nothing between. */
export function whatIsThere(folder: string): unknown {
  const paths = extensionPaths(folder);
  const json = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);
  const lock = json(paths.lock) as {
    extensions: InstalledExtension[];
    staged: unknown[];
    kept: unknown[];
  } | null;
  const databases = json(join(folder, 'databases.json')) as Record<string, FakeDatabase> | null;
  return {
    extensions: (lock?.extensions ?? []).map(({ id, version, grants, projects, wanted }) => ({
      id,
      version,
      grants: grants.map(({ capability, scope }) => `${capability} ${scope}`),
      projects,
      wanted,
    })),
    staged: lock?.staged.length ?? 0,
    databases: Object.fromEntries(
      Object.entries(databases ?? {}).filter(
        ([, { logins, schemas }]) => Object.keys(logins).length + Object.keys(schemas).length > 0,
      ),
    ),
    journal: (json(paths.journal) as unknown[] | null) ?? [],
    packages: readdirSync(paths.packages).length,
    staging: readdirSync(paths.staging),
    installed: readdirSync(paths.installed, { recursive: true }).map(String).sort(),
  };
}
