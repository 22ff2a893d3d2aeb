import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';

/** The settings of a plan, checked. */
export interface PlanSettings {
  /** All but the two below, and their values in the same order. */
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** With `pg_temp` last; undefined when the plan leaves the path as it is. */
  readonly searchPath: string | undefined;
  /** What the plan wants for `statement_timeout`, in milliseconds; the shorter one holds. */
  readonly timeoutMs: number | undefined;
}

/**
 * Settings that no plan brings along: they say who asks, what a transaction may do, or how the connection is spoken on
 * (an encoding or a string syntax that the lane does not know). Everything else is the project's own business, within
 * what PostgreSQL lets the login role set.
 */
const refused: ReadonlySet<string> = new Set([
  ...['role', 'session_authorization', 'is_superuser', 'row_security', 'session_replication_role'],
  ...['transaction_read_only', 'transaction_isolation', 'transaction_deferrable', 'transaction_timeout'],
  ...['idle_session_timeout', 'idle_in_transaction_session_timeout', 'synchronous_commit', 'exit_on_error'],
  ...['client_encoding', 'standard_conforming_strings', 'backslash_quote', 'session_preload_libraries'],
  ...['local_preload_libraries', 'dynamic_library_path', 'allow_system_table_mods'],
]);
const refusedStarts = ['default_transaction_', 'request.jwt'];

const units: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const duration = /^\s*(?<number>\d+(?:\.\d+)?)\s*(?<unit>us|ms|s|min|h|d)?\s*$/;

/**
 * Checks the settings of a plan at the border of Storage.
 * @param json `Plan.settings`
 * @throws MF500 for what is no object of texts, and for settings that are not a plan's to make
 */
export function planSettings(json: string): PlanSettings {
  const settings = parsed(json);
  const names: string[] = [];
  const values: string[] = [];
  let searchPath: string | undefined;
  let timeoutMs: number | undefined;
  for (const name in settings) {
    const value = settings[name];
    if (typeof value !== 'string') throw faulty(`The setting "${name}" of a plan is no text.`);
    // PostgreSQL does not mind the case of a setting's name.
    const lower = name.toLowerCase();
    if (refused.has(lower) || refusedStarts.some((start) => lower.startsWith(start))) {
      throw faulty(`A plan may not set "${name}".`);
    }
    if (lower === 'search_path') searchPath = withTemporaryLast(value);
    else if (lower === 'statement_timeout') timeoutMs = milliseconds(value);
    else {
      names.push(name);
      values.push(value);
    }
  }
  return { names, values, searchPath, timeoutMs };
}

function parsed(json: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw faulty('The settings of a plan are not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw faulty('The settings of a plan are no object.');
  }
  return value as Record<string, unknown>;
}

/** A temporary table of one request would shadow a real one of the next: the path may not name them earlier. */
function withTemporaryLast(path: string): string {
  if (/pg_temp/i.test(path)) throw faulty('The search path of a plan names the temporary schema.');
  const given = path.trim();
  return given === '' || given === '""' ? 'pg_temp' : `${given}, pg_temp`;
}

/** Undefined for none (0), and for what is no duration: the lane's own holds. */
function milliseconds(value: string): number | undefined {
  const groups = duration.exec(value)?.groups;
  if (groups === undefined) return undefined;
  const ms = Math.round(Number(groups['number']) * (units[groups['unit'] ?? 'ms'] as number));
  return ms > 0 ? ms : undefined;
}

function faulty(message: string): MagFlockError {
  return new MagFlockError('MF500', message);
}
