/** What a member of the context that reaches outside can do. Each call fails with an error that has a `code`. */
export interface CapabilityMembers {
  readonly 'db.read': DatabaseRead;
  readonly 'db.write': DatabaseWrite;
  readonly 'db.schema': DatabaseOwn;
  readonly cache: Cache;
  readonly events: Events<string>;
  readonly net: Network;
  readonly files: Files;
  readonly secrets: Secrets<string>;
  readonly catalog: CatalogReader;
}

export interface QueryResult<Row> {
  readonly rows: readonly Row[];
  /** Rows returned or written. */
  readonly count: number;
}

export interface DatabaseRead {
  /**
   * Runs one statement in a read-only transaction, as the extension's own database role.
   * @param params values of `$1`, `$2` …
   */
  query<Row = Readonly<Record<string, unknown>>>(
    sql: string,
    params?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}

export interface DatabaseWrite {
  /** Runs one statement in a transaction of its own, as the extension's own database role. */
  query<Row = Readonly<Record<string, unknown>>>(
    sql: string,
    params?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}

/** The tables of the extension's own schema, which its migrations make. */
export interface DatabaseOwn {
  /**
   * Runs one statement, in a transaction of its own, on these tables alone: `select * from state` is the table
   * `state` of `db.schema`. To join them with tables of the project, name them in full in `db.read.query`.
   */
  query<Row = Readonly<Record<string, unknown>>>(
    sql: string,
    params?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}

/** In the machine's memory, per project; what is used least goes first, and all of it with the daemon. */
export interface Cache {
  /** Null when there is nothing, or no more. */
  get<Value = unknown>(key: string): Promise<Value | null>;
  /** @param options.ttlSeconds default one hour, at most seven days */
  set(
    key: string,
    value: unknown,
    options?: { readonly ttlSeconds?: number },
  ): Promise<{ readonly kept: boolean }>;
  delete(key: string): Promise<{ readonly removed: boolean }>;
}

export interface Events<Name extends string> {
  /** Other extensions hear it as the event `extension.message`. */
  emit(name: Name, payload: unknown): Promise<unknown>;
}

export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is sent; anything else goes through JSON.stringify first, by you. */
  readonly body?: string;
  readonly timeoutMs?: number;
}

export interface FetchAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Network {
  /** Answers with any status the server gave; fails when there was no answer or the host is not granted. */
  fetch(url: string, options?: FetchOptions): Promise<FetchAnswer>;
}

export interface FileEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  /** Of a file; 0 for a folder. */
  readonly bytes: number;
}

export interface FileOptions {
  /** `base64` for what is no text; default `text`, UTF-8. */
  readonly encoding?: 'text' | 'base64';
}

/** A folder of the extension's own in each project. Paths are relative to it; folders come and go with their files. */
export interface Files {
  read(path: string, options?: FileOptions): Promise<string>;
  /** All of it or nothing. */
  write(path: string, content: string, options?: FileOptions): Promise<{ readonly bytes: number }>;
  /** What is in a folder, not in those below it; default the topmost. */
  list(path?: string): Promise<readonly FileEntry[]>;
  remove(path: string): Promise<{ readonly removed: boolean }>;
}

export interface Secrets<Name extends string> {
  read(name: Name): Promise<string>;
}

export interface TableFacts {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly primaryKey: readonly string[];
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly nullable: boolean;
    readonly hasDefault: boolean;
    readonly enumValues: readonly string[] | null;
  }[];
}

export interface CatalogReader {
  /** Tables of the project that the scope covers, with their columns. */
  tables(): Promise<readonly TableFacts[]>;
}
