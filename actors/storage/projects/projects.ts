import { didYouMean } from '../../../runtime/errors/did-you-mean.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ProjectInfo } from '../../../runtime/protocol/storage.protocol.ts';
import type { Logger } from '../../../runtime/telemetry/logger.ts';
import { projectDatabase } from '../database-names.ts';
import type { Login, Logins } from '../login.ts';
import { catalogOnly, connect } from '../postgres/connect.ts';
import type { Pools } from '../postgres/pools.ts';
import { projectRef } from '../project-ref.ts';
import type { DatabaseServer } from '../server.ts';
import { createProjectDatabase, dropProjectDatabase } from './create-project-database.ts';

export interface ProjectsOptions {
  readonly server: DatabaseServer;
  readonly logins: Logins;
  readonly pools: Pools;
  readonly log: Logger;
  readonly maintenance: string;
  readonly projectDigest: string;
}

interface ProjectRow {
  readonly ref: string;
  readonly state: 'creating' | 'ready' | 'removing';
  readonly schema_digest: string | null;
  readonly created_at: Date;
  readonly bytes: string | null;
}

/** The projects of this installation: one database and two logins each. */
export class Projects {
  readonly #options: ProjectsOptions;
  /** Projects whose database is there and up to date. */
  readonly #ready = new Set<string>();
  /** One change of a project at a time; the next one waits. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(options: ProjectsOptions) {
    this.#options = options;
  }

  /** Refs that may be served now. */
  get ready(): ReadonlySet<string> {
    return this.#ready;
  }

  /**
   * Finishes what a crash interrupted, makes the default project, and brings databases behind up to date.
   * @param onReady told of each project that becomes ready after this has resolved
   */
  async open(defaultRef: string, onReady: (ref: string) => void): Promise<void> {
    const { rows } = await this.#options.pools.query('control', {
      text: `select ref, state, schema_digest from cp_core.projects order by ref`,
    });
    const known = rows as unknown as ProjectRow[];
    const behind: string[] = [];
    for (const { ref, state, schema_digest } of known) {
      if (state === 'removing') await this.remove(ref);
      else if (state === 'ready' && schema_digest === this.#options.projectDigest) this.#ready.add(ref);
      else behind.push(ref);
    }
    if (!known.some(({ ref }) => ref === defaultRef)) await this.create(defaultRef);
    // The default project now, the others while the machine runs: a thousand of them take their time.
    if (behind.includes(defaultRef)) await this.#bringUpToDate(defaultRef);
    const others = behind.filter((ref) => ref !== defaultRef);
    void this.#bringAllUpToDate(others, onReady);
  }

  async create(ref: string): Promise<ProjectInfo> {
    projectRef(ref);
    return this.#inTurn(async () => {
      const { pools } = this.#options;
      const { count } = await pools.query('control', {
        text: `insert into cp_core.projects (ref, state) values ($1, 'creating') on conflict do nothing`,
        values: [ref],
      });
      if (count === 0) {
        throw new MagFlockError('MF509', `There is a project "${ref}" already.`, {
          fix: `Choose another ref, or see magflock project info ${ref}.`,
        });
      }
      try {
        await this.#make(ref);
      } catch (thrown) {
        await this.#unmake(ref).catch((err: unknown) =>
          this.#options.log.error(
            { err, project: ref },
            'a project that could not be made could not be removed either',
          ),
        );
        throw thrown;
      }
      return this.info(ref);
    });
  }

  async remove(ref: string): Promise<void> {
    projectRef(ref);
    await this.#inTurn(async () => {
      const { count } = await this.#options.pools.query('control', {
        text: `update cp_core.projects set state = 'removing' where ref = $1`,
        values: [ref],
      });
      if (count === 0) throw await this.#unknown(ref);
      await this.#unmake(ref);
    });
  }

  async list(): Promise<readonly ProjectInfo[]> {
    return (await this.#rows(undefined)).map((row) => this.#describe(row));
  }

  async info(ref: string): Promise<ProjectInfo> {
    const [row] = await this.#rows(projectRef(ref));
    if (row === undefined) throw await this.#unknown(ref);
    return this.#describe(row);
  }

  /** @throws MF508 with did-you-mean; MF503 while the project is being brought up to date */
  async assertReady(ref: string): Promise<void> {
    projectRef(ref);
    if (this.#ready.has(ref)) return;
    const [row] = await this.#rows(ref);
    if (row === undefined) throw await this.#unknown(ref);
    throw new MagFlockError('MF503', `Project "${ref}" is being prepared.`, {
      fix: 'Try again in a moment.',
    });
  }

  owner(ref: string): Login {
    return this.#options.logins.owner(ref);
  }

  async #make(ref: string): Promise<void> {
    await this.#asAdministrator((admin) =>
      createProjectDatabase(this.#options.server, admin, this.#options.logins, ref),
    );
    await this.#options.pools.query('control', {
      text: `update cp_core.projects set state = 'ready', schema_digest = $2 where ref = $1`,
      values: [ref, this.#options.projectDigest],
    });
    this.#ready.add(ref);
  }

  async #unmake(ref: string): Promise<void> {
    this.#ready.delete(ref);
    await this.#options.pools.close(`project:${ref}`);
    await this.#asAdministrator((admin) => dropProjectDatabase(admin, this.#options.logins, ref));
    await this.#options.pools.query('control', {
      text: `delete from cp_core.projects where ref = $1`,
      values: [ref],
    });
  }

  async #bringUpToDate(ref: string): Promise<void> {
    await this.#inTurn(() => this.#make(ref));
  }

  async #bringAllUpToDate(refs: readonly string[], onReady: (ref: string) => void): Promise<void> {
    for (const ref of refs) {
      try {
        await this.#bringUpToDate(ref);
        onReady(ref);
      } catch (err) {
        this.#options.log.error({ err, project: ref }, 'a project could not be brought up to date');
      }
    }
  }

  async #asAdministrator<T>(work: (admin: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> {
    const { server, maintenance } = this.#options;
    const admin = await connect({
      endpoint: server.endpoint,
      login: server.administrator,
      database: maintenance,
      name: 'projects',
      client: catalogOnly,
    });
    try {
      return await work(admin);
    } finally {
      await admin.end();
    }
  }

  async #rows(ref: string | undefined): Promise<readonly ProjectRow[]> {
    const { rows } = await this.#options.pools.query('control', {
      text: `select p.ref, p.state, p.created_at, pg_database_size(d.oid) as bytes
             from cp_core.projects p left join pg_database d on d.datname = 'project_' || p.ref
             where p.state <> 'removing' and ($1::text is null or p.ref = $1) order by p.ref`,
      values: [ref ?? null],
    });
    return rows as unknown as ProjectRow[];
  }

  #describe(row: ProjectRow): ProjectInfo {
    const { endpoint } = this.#options.server;
    const { user, password } = this.#options.logins.owner(row.ref);
    const host = endpoint.publicHost.includes(':') ? `[${endpoint.publicHost}]` : endpoint.publicHost;
    const database = projectDatabase(row.ref);
    const secure = endpoint.ssl === false ? '' : '?sslmode=require';
    return {
      ref: row.ref,
      database,
      databaseUrl: `postgres://${user}:${password}@${host}:${endpoint.port}/${database}${secure}`,
      createdAt: row.created_at.toISOString(),
      bytes: Number(row.bytes ?? 0),
    };
  }

  async #unknown(ref: string): Promise<MagFlockError> {
    const refs = (await this.#rows(undefined)).map((row) => row.ref);
    const near = didYouMean(ref, refs);
    return new MagFlockError('MF508', `There is no project "${ref}".`, {
      fix: near === undefined ? 'magflock project list shows them.' : `Did you mean "${near}"?`,
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#changes.then(work, work);
    this.#changes = turn.catch(() => {});
    return turn;
  }
}
