import type { CapabilityName, ExtensionManifest } from '../../../runtime/protocol/extension-manifest.ts';
import type { FetchAnswer, FetchOptions, FileEntry, TableFacts } from '../capability-members.ts';
import { ExtensionError } from '../extension-error.ts';

type Later<Value> = Value | Promise<Value>;
type Row = Readonly<Record<string, unknown>>;

/** Answers a statement: rows, or rows with the count of rows written. */
export type FakeQuery = (
  sql: string,
  params: readonly unknown[],
  project: string,
) => Later<readonly Row[] | { readonly rows: readonly Row[]; readonly count: number }>;

/** What the capabilities of an extension under test answer with. One without a fake refuses with a word about it. */
export interface Fakes {
  readonly db?: { readonly read?: FakeQuery; readonly write?: FakeQuery; readonly own?: FakeQuery };
  readonly net?: { readonly fetch: (url: string, options: FetchOptions) => Later<Partial<FetchAnswer>> };
  /** By name. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly catalog?: { readonly tables: (project: string) => Later<readonly TableFacts[]> };
  /** What is in the cache at the start, by key. */
  readonly cache?: Readonly<Record<string, unknown>>;
  /** What is in its folder at the start: text by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** One use of a capability. */
export interface CapabilityCall {
  readonly capability: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly project: string;
}

/** Capabilities in memory, with the checks of the host that a manifest decides: what is asked for, and its scope. */
export class FakeCapabilities {
  /** Oldest first. */
  readonly calls: CapabilityCall[] = [];
  readonly cache: Map<string, unknown>;
  readonly files: Map<string, string>;
  readonly #manifest: ExtensionManifest;
  readonly #fakes: Fakes;
  readonly #denied: ReadonlySet<string>;

  constructor(manifest: ExtensionManifest, fakes: Fakes, denied: readonly CapabilityName[]) {
    this.#manifest = manifest;
    this.#fakes = fakes;
    this.#denied = new Set(denied);
    this.cache = new Map(Object.entries(fakes.cache ?? {}));
    this.files = new Map(Object.entries(fakes.files ?? {}));
  }

  /** Names that the guest's context has. */
  get granted(): readonly CapabilityName[] {
    const asked = this.#manifest.permissions.map(({ capability }) => capability);
    return asked.filter((capability) => !this.#denied.has(capability));
  }

  /**
   * @param called method, with `@project` behind it for another project
   * @throws ExtensionError MF610 for what the manifest does not cover
   */
  async call(
    capability: string,
    called: string,
    args: readonly unknown[],
    project: string,
  ): Promise<unknown> {
    const [method = '', other] = called.split('@');
    const call = { capability, method, args, project: other ?? project };
    this.calls.push(call);
    const permission = this.#manifest.permissions.find((one) => one.capability === capability);
    if (permission === undefined || this.#denied.has(capability)) {
      throw new ExtensionError(
        'MF610',
        `${capability} is not ${permission ? 'granted' : 'in the manifest'}.`,
      );
    }
    assertInScope(call, permission.scope);
    return (await this.#answer(call)) ?? null;
  }

  #answer({ capability, method, args, project }: CapabilityCall): unknown {
    switch (capability) {
      case 'db.read':
        return query(this.#fakes.db?.read, 'db.read', args, project);
      case 'db.write':
        return query(this.#fakes.db?.write, 'db.write', args, project);
      case 'db.schema':
        return query(this.#fakes.db?.own, 'db.own', args, project);
      case 'cache':
        return onMap(this.cache, method, args);
      case 'files':
        return onFiles(this.files, method, args);
      case 'net.fetch':
        return fetched(this.#fakes.net?.fetch, args);
      case 'secrets.read':
        return secret(this.#fakes.secrets, args);
      case 'catalog.read':
        return this.#fakes.catalog?.tables(project) ?? missing('catalog.tables');
      case 'events.emit':
        return { emitted: true };
      default:
        throw new ExtensionError('MF610', `There is no capability ${capability} to call.`);
    }
  }
}

function missing(name: string): never {
  throw new ExtensionError('MF662', `This test has no fake for it: give fakes.${name}.`);
}

async function query(
  fake: FakeQuery | undefined,
  name: string,
  args: readonly unknown[],
  project: string,
): Promise<unknown> {
  if (fake === undefined) missing(name);
  const answer = await fake(String(args[0]), (args[1] ?? []) as readonly unknown[], project);
  return 'rows' in answer ? answer : { rows: answer, count: answer.length };
}

async function fetched(
  fake: NonNullable<Fakes['net']>['fetch'] | undefined,
  args: readonly unknown[],
): Promise<FetchAnswer> {
  if (fake === undefined) missing('net.fetch');
  const {
    status = 200,
    headers = {},
    body = '',
  } = await fake(String(args[0]), (args[1] ?? {}) as FetchOptions);
  return { status, headers, body };
}

function secret(secrets: Readonly<Record<string, string>> = {}, [name]: readonly unknown[]): string {
  const found = Object.hasOwn(secrets, String(name)) ? secrets[String(name)] : undefined;
  return found ?? missing(`secrets.${name}`);
}

function onMap(cache: Map<string, unknown>, method: string, [key, value]: readonly unknown[]): unknown {
  const name = String(key);
  if (method === 'get') return cache.get(name) ?? null;
  if (method === 'delete') return { removed: cache.delete(name) };
  cache.set(name, value);
  return { kept: true };
}

function onFiles(files: Map<string, string>, method: string, [path, content]: readonly unknown[]): unknown {
  const name = String(path ?? '');
  switch (method) {
    case 'list':
      return entriesOf(files, name === '' ? '' : `${name}/`);
    case 'write':
      files.set(name, String(content));
      return { bytes: Buffer.byteLength(String(content)) };
    case 'remove':
      return { removed: files.delete(name) };
    default: {
      const found = files.get(name);
      if (found === undefined) throw new ExtensionError('MF104', 'There is no such file.');
      return found;
    }
  }
}

/** What is in a folder; files are known by their whole paths. */
function entriesOf(files: ReadonlyMap<string, string>, folder: string): readonly FileEntry[] {
  const found = new Map<string, FileEntry>();
  for (const [path, content] of files) {
    if (!path.startsWith(folder)) continue;
    const [name = '', ...deeper] = path.slice(folder.length).split('/');
    const isFile = deeper.length === 0;
    const bytes = isFile ? Buffer.byteLength(content) : 0;
    found.set(name, { name, kind: isFile ? 'file' : 'folder', bytes });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names and hosts; what of the database is covered, PostgreSQL decides. */
function assertInScope({ capability, args }: CapabilityCall, scope: readonly string[]): void {
  if (scope.includes('*')) return;
  const target = String(args[0]);
  const covered =
    capability === 'net.fetch'
      ? scope.some((one) => coversHost(one, target))
      : !['secrets.read', 'events.emit'].includes(capability) || scope.includes(target);
  if (!covered) {
    throw new ExtensionError(
      'MF610',
      `${capability} does not cover ${target}: its scope is ${scope.join(', ')}.`,
    );
  }
}

function coversHost(scope: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { host, hostname } = new URL(url);
  const target = scope.includes(':') ? host : hostname;
  return scope.startsWith('*.') ? target.endsWith(scope.slice(1)) : target === scope;
}
