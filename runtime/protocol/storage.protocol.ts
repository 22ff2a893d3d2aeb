import type { Catalog, CatalogRequest } from './catalog.ts';
import type { DataApiSettings } from './data-api-settings.ts';
import type { IdentityHandle } from './identity.protocol.ts';
import type { PersistenceProtocol } from './persistence.protocol.ts';
import type { Plan, PlanResult } from './plan.protocol.ts';

/**
 * `control` is `magui_app`; `security` is `magsentinel_events`; `project:<ref>` a project's database. In all of them
 * as the administrator, with `pg_catalog` as the only path: `mg_sys.outbox`, for one, is not for the project's owner,
 * who could silence the audit trail. Never run a user's text through this; that is what `sql` is for.
 */
export type DatabaseName = 'control' | 'security' | `project:${string}`;

export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

export interface QueryRequest extends Statement {
  readonly database: DatabaseName;
}

export interface QueryRows {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows returned or changed, as the command tag says. */
  readonly count: number;
}

export interface TransactionRequest {
  readonly database: DatabaseName;
  readonly statements: readonly Statement[];
}

export interface SqlRequest {
  readonly project: string;
  /** Several statements in one text, no row cap, no lane timeout. */
  readonly text: string;
}

export interface SqlResult {
  readonly command: string;
  readonly columns: readonly string[];
  /** Values as PostgreSQL's own JSON prints them. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly count: number;
}

export interface ProjectInfo {
  readonly ref: string;
  readonly database: string;
  /** Login of the project's owner, not a superuser. */
  readonly databaseUrl: string;
  readonly createdAt: string;
  readonly bytes: number;
}

export interface ExposeRequest {
  readonly project: string;
  readonly table: string;
  readonly role: 'anon' | 'authenticated';
  readonly operations: readonly ('select' | 'insert' | 'update' | 'delete')[];
  /** Undefined leaves row security as it is. */
  readonly rowSecurity: boolean | undefined;
}

export interface ImportRequest {
  readonly project: string;
  /** Absolute path of a plain SQL or pg_dump text file that the daemon can read. */
  readonly file: string;
}

export interface ImportProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly statements: number;
  readonly rows: number;
  /** What was left out or passed over, and why: ownership, roles that are not here. */
  readonly notices?: readonly string[];
}

/** What an extension may do in one project's database. */
export interface ExtensionLoginRequest {
  readonly project: string;
  /** Id of the extension. */
  readonly extension: string;
  /** Name of its own schema, `ext_<name>`; null without `db.schema`. */
  readonly schema: string | null;
  /** Tables of the exposed schema by name; columns undefined for all. `*` as a name is every table there is and will be. */
  readonly read: readonly { readonly table: string; readonly columns?: readonly string[] }[];
  readonly write: readonly { readonly table: string; readonly columns?: readonly string[] }[];
}

/** Something that exposes more than was meant, or makes row security slow. */
export interface LintFinding {
  /** Stable name of the rule. */
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'performance';
  /** The table, view or function, quoted and qualified. */
  readonly object: string;
  readonly detail: string;
  readonly fix: string;
}

/** The Storage part (MagDS), owner side: one thread, supervises PostgreSQL, runs what is not on the hot path. */
export interface StorageProtocol extends PersistenceProtocol {
  /**
   * Makes or changes the database login of an extension so that it may do exactly this and nothing else; what it had
   * before and does not have now is revoked, and its sessions are ended when something was. No BYPASSRLS by
   * inheritance: row security does not apply to it, since the operator granted the table. Throws MF5xx.
   * @returns a connection URL of that login, for the broker only
   */
  extensionLogin(request: ExtensionLoginRequest): { readonly url: string; readonly schema: string | null };
  /** Takes login, grants and, unless kept, its schema out of a project. Nothing to take out is fine. */
  dropExtensionLogin(request: {
    readonly project: string;
    readonly extension: string;
    readonly keepSchema?: boolean;
  }): { readonly dropped: boolean };
  query(request: QueryRequest): QueryRows;
  /** All statements in one transaction; answers each one's rows. */
  transaction(request: TransactionRequest): readonly QueryRows[];
  /** `magflock sql`: as the project's owner. */
  sql(request: SqlRequest): readonly SqlResult[];
  createProject(request: { readonly ref: string }): ProjectInfo;
  removeProject(request: { readonly ref: string }): { readonly ref: string };
  listProjects(request: null): readonly ProjectInfo[];
  project(request: { readonly ref: string }): ProjectInfo;
  /** Complete, or with `known` only what differs from it; see `Catalog.unchanged`. Throws MF503, MF508. */
  catalog(request: CatalogRequest): Catalog;
  /** Settings of a project's data API, defaults filled in. Throws MF508. */
  dataApiSettings(request: { readonly project: string }): DataApiSettings;
  /**
   * Changes those that are named, null sets the default again; the catalogue with them is in every CPU thread when
   * the caller has waited for `activate` of the gateway. Throws MF520 naming the setting, MF508.
   */
  setDataApiSettings(request: {
    readonly project: string;
    readonly changes: Readonly<Record<string, unknown>>;
  }): DataApiSettings;
  /** Keeps a LISTEN connection for the project while it is active; `database.schema.changed` follows. */
  watch(request: { readonly project: string }): { readonly watching: boolean };
  /** Requests came for these projects; from the lanes. A watch rests while its project is not in use. */
  active(request: { readonly projects: readonly string[] }): void;
  /** Row security of what is exposed: findings, gravest first. Throws MF508. */
  lint(request: { readonly project: string }): readonly LintFinding[];
  expose(request: ExposeRequest): { readonly rowSecurity: boolean; readonly policies: number };
  /** Starts an import; progress is read with `importProgress`, the end comes as the answer. */
  import(request: ImportRequest): ImportProgress;
  importProgress(request: ImportRequest): ImportProgress | null;
  /** Where the server is and what it is, for POST and `status`. */
  server(request: null): {
    readonly kind: 'embedded' | 'external';
    readonly version: string;
    readonly pid: number | null;
    readonly address: string;
    readonly notes: readonly string[];
  };
}

/** An audit row that goes into the write's own transaction. */
export interface OutboxRow {
  readonly id: string;
  /** Canonical JSON text of the entry. */
  readonly entry: string;
  /** HMAC-SHA-256 over the entry, base64url; only the daemon can make it. */
  readonly mac: string;
}

/** A write that its caller may send again, and that is to be done once (header Idempotency-Key). */
export interface OnceRequest {
  /** The caller's key with what it holds for: method and path. Who asks is added by Storage. */
  readonly key: string;
  /** Digest of all that makes it this request and no other. */
  readonly digest: string;
}

/** Storage in a CPU thread: the pipelined lane. */
export interface StorageReplica {
  /**
   * Runs a plan as the identity behind the handle, in one transaction and one round trip.
   * @param outbox the audit row of a write; required for `access: 'write'`
   * @param options.once keeps the answer for a day in the write's own transaction; a request that was answered before
   *   is answered with that (`PlanResult.replayed`), in a second round trip. Of no effect on reads, on plans that are
   *   undone and on EXPLAIN
   * Throws MF5xx, MF431 to MF433 about `once`, or a `DatabaseFailure` that the gateway explains.
   */
  execute(
    plan: Plan,
    identity: IdentityHandle,
    outbox: OutboxRow | undefined,
    options: { readonly deadline: number; readonly once?: OnceRequest | undefined },
  ): Promise<PlanResult>;
  readonly available: boolean;
}
