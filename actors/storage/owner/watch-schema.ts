import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';

export interface WatchOptions {
  /** Opens a connection of the administrator to the project's database. */
  connect(): Promise<Client>;
  /** The schema changed, or may have while nobody listened. */
  changed(): void;
  /** Milliseconds between looks where there are no event triggers; default 500. */
  readonly pollMs?: number;
}

const defaultPollMs = 500;
const retryMs = 250;

/**
 * Listens for schema changes of one project until stopped. After each break of the connection the version is
 * compared, so a change made meanwhile is announced as well. Where there are no event triggers a fingerprint of
 * the catalogue is compared instead, twice a second. `NOTIFY pgrst, 'reload schema'`, as users of PostgREST ask for
 * it, announces too: a role that was granted or given settings is told by nothing else.
 */
export class SchemaWatch {
  readonly #options: WatchOptions;
  #client: Client | undefined;
  #stopped = false;
  #waking = false;
  #version: string | undefined;
  #fingerprint: string | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Resolves when it listens; afterwards it keeps itself going. */
  async start(): Promise<void> {
    await this.#listen();
  }

  /** For good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.sleep();
  }

  /** Gives the connection back while nobody uses the project; the version last seen is remembered. */
  async sleep(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }

  /** Listens again, and announces when the schema changed meanwhile. */
  async wake(): Promise<void> {
    if (this.#client !== undefined || this.#stopped || this.#waking) return;
    this.#waking = true;
    await this.#again().finally(() => {
      this.#waking = false;
    });
  }

  async #listen(): Promise<void> {
    const client = await this.#options.connect();
    if (this.#stopped) {
      await client.end().catch(() => {});
      return;
    }
    this.#client = client;
    client.on('notification', () => this.#options.changed());
    client.once('end', () => {
      if (!this.#stopped && this.#client === client) void this.#again();
    });
    await client.query('listen magflock_schema; listen pgrst');
    const { rows } = await client.query(
      `select from pg_catalog.pg_event_trigger where evtname = 'magflock_ddl'`,
    );
    await this.#compare(client);
    if (rows.length > 0) return;
    await this.#noteChange(client); // what later looks are compared with
    void this.#poll(client);
  }

  async #again(): Promise<void> {
    this.#client = undefined;
    while (!this.#stopped) {
      try {
        return await this.#listen();
      } catch {
        await pause(retryMs, undefined, { ref: false });
      }
    }
  }

  async #poll(client: Client): Promise<void> {
    while (!this.#stopped && this.#client === client) {
      await pause(this.#options.pollMs ?? defaultPollMs, undefined, { ref: false });
      try {
        await this.#noteChange(client);
      } catch {
        return; // the connection's end starts it again
      }
    }
  }

  /** Announces when the version moved since the last look. */
  async #compare(client: Client): Promise<void> {
    const { rows } = await client.query<{ version: string }>(
      `select pg_catalog.count(*) as version from mg_sys.schema_changes`,
    );
    const version = rows[0]?.version ?? '';
    const before = this.#version;
    this.#version = version;
    if (before !== undefined && before !== version) this.#options.changed();
  }

  /** Without event triggers: notes a change of tables, columns or constraints, which then is told like any other. */
  async #noteChange(client: Client): Promise<void> {
    const { rows } = await client.query<{ fingerprint: string }>(fingerprintOfSchema);
    const fingerprint = rows[0]?.fingerprint ?? '';
    const before = this.#fingerprint;
    this.#fingerprint = fingerprint;
    if (before !== undefined && before !== fingerprint)
      await client.query(`select mg_sys.note_schema_change()`);
  }
}

/** What any change of the project's objects alters: the versions of their rows in the catalogue. */
const fingerprintOfSchema = `
  select pg_catalog.concat_ws(':', ${[
    [
      'pg_class',
      'oid',
      'oid',
      `where relkind in ('r', 'v', 'm', 'f', 'p') and not (${isSystem('relnamespace')})`,
    ],
    ['pg_attribute', 'attrelid', 'attnum', 'where attnum > 0 and attrelid >= 16384'],
    ['pg_constraint', 'oid', 'oid', `where not (${isSystem('connamespace')})`],
    ['pg_proc', 'oid', 'oid', `where not (${isSystem('pronamespace')})`],
    ['pg_type', 'oid', 'oid', `where typtype in ('d', 'e') and not (${isSystem('typnamespace')})`],
    ['pg_enum', 'oid', 'oid', ''],
    ['pg_cast', 'oid', 'oid', 'where oid >= 16384'],
    ['pg_namespace', 'oid', 'oid', ''],
    ['pg_rewrite', 'oid', 'oid', 'where oid >= 16384'],
    ['pg_description', 'objoid', 'objsubid', 'where objoid >= 16384'],
  ]
    .map(
      ([table, object, part, which]) =>
        `(select pg_catalog.md5(pg_catalog.string_agg(${object} || '.' || ${part} || '.' || xmin::text, ',' order by ${object}, ${part}))
          from pg_catalog.${table} ${which})`,
    )
    .join(', ')}) as fingerprint`;

function isSystem(namespace: string): string {
  return `${namespace} in ('pg_catalog'::pg_catalog.regnamespace, 'information_schema'::pg_catalog.regnamespace,
    'pg_toast'::pg_catalog.regnamespace, 'mg_sys'::pg_catalog.regnamespace)`;
}
