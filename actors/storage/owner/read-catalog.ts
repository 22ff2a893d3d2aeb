import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type {
  Catalog,
  CatalogHiddenTable,
  CatalogRole,
  CatalogTable,
} from '../../../runtime/protocol/catalog.ts';
import type { DataApiSettings } from '../../../runtime/protocol/data-api-settings.ts';
import type { DatabaseName, QueryRows } from '../../../runtime/protocol/storage.protocol.ts';
import type { Pools } from '../postgres/pools.ts';
import { defaultDataApiSettings } from '../settings/default-data-api-settings.ts';
import { allowAudit } from './catalog/allow-audit.ts';
import { readViewSources } from './catalog/read-view-sources.ts';

const sql = (name: string) => readFileSync(new URL(`./catalog/${name}.sql`, import.meta.url), 'utf8');
const texts = {
  tables: sql('tables'),
  hidden: sql('hidden'),
  routines: sql('routines'),
  roles: sql('roles'),
};

/** All queries see the same moment. */
const isolation = 'set transaction isolation level repeatable read, read only';

/**
 * Only a locked view or foreign table makes the query wait: the owner's sessions must not hold up the gateway.
 * Compiling the queries to machine code takes ten times as long as running them, and parallel workers take the cores
 * that requests need.
 */
const limits = `select set_config('lock_timeout', '1s', true), set_config('statement_timeout', '10s', true),
  set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)`;

const facts = `select (select count(*) from mg_sys.schema_changes) as version,
  current_setting('server_version_num')::int as server`;

/** Who holds what the catalogue waits for. */
const holders = `
  select distinct l.pid
  from pg_locks l
  join pg_class c on c.oid = l.relation and c.relkind = any (array['v', 'f']::"char"[])
  join pg_database d on d.oid = l.database and d.datname = current_database()
  where l.mode = 'AccessExclusiveLock' and l.granted
  order by l.pid`;

export interface ReadCatalogOptions {
  readonly settings?: DataApiSettings;
  /** Login of the project's lanes; by default the one its ref says. */
  readonly authenticator?: string;
  /** Digests of a catalogue read before: what has the same one is left out. */
  readonly known?: Readonly<Record<string, string>>;
}

/**
 * Reads the catalogue of a project in one transaction. Partitions are hidden under their parent. A role that may not
 * write audit rows gets the right to.
 * @throws MF503 when a lock on a view holds it up for a second, naming the server processes; MF5xx
 */
export async function readCatalog(
  pools: Pick<Pools, 'query' | 'transaction'>,
  project: string,
  options: ReadCatalogOptions = {},
): Promise<Catalog> {
  const database: DatabaseName = `project:${project}`;
  const {
    settings = defaultDataApiSettings,
    authenticator = `authenticator_${project}`,
    known = {},
  } = options;
  const schemas = settings.dbSchemas;
  const digests = JSON.stringify(known);
  try {
    const [, , version, tables, hidden, routines, roles] = (await pools.transaction(database, [
      { text: isolation },
      { text: limits },
      { text: facts },
      { text: texts.tables, values: [schemas, digests] },
      { text: texts.hidden, values: [schemas, settings.dbExtraSearchPath, digests] },
      { text: texts.routines, values: [schemas, authenticator, digests] },
      { text: texts.roles, values: [authenticator] },
    ])) as QueryRows[];
    await letAllAudit(pools, database, roles?.rows ?? []);
    const parts = new Parts(known);
    const row = version?.rows[0];
    return {
      project,
      version: Number(row?.['version']),
      serverVersion: Number(row?.['server']),
      settings,
      tables: (tables?.rows ?? []).flatMap((one) => readTable(parts, one)),
      hidden: (hidden?.rows ?? []).flatMap((one) => readHidden(parts, one)),
      ...(readSections(parts, routines?.rows ?? []) as Sections),
      roles: readRoles(parts, roles?.rows ?? []),
      digests: parts.digests,
      unchanged: parts.unchanged,
    };
  } catch (thrown) {
    const sqlstate = MagFlockError.is(thrown) ? thrown.details?.['sqlstate'] : undefined;
    if (sqlstate === '55P03') throw await lockedError(pools, database, thrown);
    if (sqlstate !== '57014') throw thrown;
    throw new MagFlockError('MF503', 'The catalogue was not read within 10 s.', { cause: thrown });
  }
}

type Row = QueryRows['rows'][number];
type Sections = Pick<
  Catalog,
  'routines' | 'computedRelationships' | 'representations' | 'mediaHandlers' | 'schemas'
>;

/** Notes the digest of each part, and which are known. */
class Parts {
  readonly #known: Readonly<Record<string, string>>;
  readonly digests: Record<string, string> = {};
  readonly unchanged: string[] = [];

  constructor(known: Readonly<Record<string, string>>) {
    this.#known = known;
  }

  /** @returns whether the part has to be answered */
  differs(part: string, digest: string): boolean {
    this.digests[part] = digest;
    if (this.#known[part] !== digest) return true;
    this.unchanged.push(part);
    return false;
  }
}

function readTable(parts: Parts, row: Row): readonly CatalogTable[] {
  if (!parts.differs(String(row['part']), String(row['digest']))) return [];
  const tree = row['tree'];
  const sources = typeof tree === 'string' ? readViewSources(tree) : [];
  return [{ ...(JSON.parse(String(row['facts'])) as Omit<CatalogTable, 'sources'>), sources }];
}

function readHidden(parts: Parts, row: Row): readonly CatalogHiddenTable[] {
  if (!parts.differs('hidden', String(row['digest']))) return [];
  const trees = JSON.parse(String(row['trees'] ?? '{}')) as Record<string, string>;
  const tables = JSON.parse(String(row['facts'])) as (CatalogHiddenTable & { readonly rule?: string })[];
  return tables.map(({ rule: _, ...table }) => ({
    ...table,
    sources: readViewSources(trees[String(table.id)] ?? ''),
  }));
}

function readSections(parts: Parts, rows: readonly Row[]): Record<string, unknown> {
  return Object.fromEntries(
    rows.map((row) => {
      const part = String(row['part']);
      return [part, parts.differs(part, String(row['digest'])) ? JSON.parse(String(row['facts'])) : []];
    }),
  );
}

function readRoles(parts: Parts, rows: readonly Row[]): readonly CatalogRole[] {
  const roles = rows.map(({ name, settings }) => ({ name, settings }) as CatalogRole);
  return parts.differs('roles', hash('md5', JSON.stringify(roles), 'hex')) ? roles : [];
}

/** What cannot be granted now (another reader grants at this moment) is tried again with the next catalogue. */
async function letAllAudit(
  pools: Pick<Pools, 'transaction'>,
  database: DatabaseName,
  rows: readonly Row[],
): Promise<void> {
  const without = rows.filter(({ audits }) => audits !== true).map(({ name }) => String(name));
  if (without.length > 0) await allowAudit(pools, database, without).catch(() => {});
}

async function lockedError(
  pools: Pick<Pools, 'query'>,
  database: DatabaseName,
  cause: unknown,
): Promise<MagFlockError> {
  const { rows } = await pools.query(database, { text: holders }).catch(() => ({ rows: [] }));
  const pids = rows.map(({ pid }) => Number(pid));
  const who = pids.length === 0 ? 'another session' : `server process ${pids.join(', ')}`;
  return new MagFlockError('MF503', `The catalogue cannot be read: ${who} holds a lock on a view.`, {
    fix: 'Commit or roll back the transaction that holds it, or end it: select pg_terminate_backend(pid).',
    details: { pids },
    cause,
  });
}
