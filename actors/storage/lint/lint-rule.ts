import type { LintFinding } from '../../../runtime/protocol/storage.protocol.ts';

/**
 * One question of the linter. The SQL is run by the administrator, whose path is pg_catalog alone, with the parameters
 * `$1 text[]` (exposed schemas) and `$2 text[]` (roles of requests that row security applies to). It returns a row per
 * finding with `object`, `detail` and `fix`.
 */
export interface LintRule {
  readonly id: string;
  readonly level: LintFinding['level'];
  readonly sql: string;
}
