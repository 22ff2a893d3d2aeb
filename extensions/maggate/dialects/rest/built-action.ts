import type { WrittenParameter } from '../../build-sql/sql-writer.ts';
import type { RowRange } from '../../query/query-params.ts';
import type { Preferences } from './preferences.ts';

/** What a statement depends on besides the plan. */
export interface ActionFacts {
  readonly preferCount: Preferences['count'];
  /** Setting `dbMaxRows`; null for no limit. */
  readonly maxRows: number | null;
  /** Of the top level, as the caller asked for it. */
  readonly range: RowRange;
  readonly returnPreference: Preferences['return'];
  readonly resolution: Preferences['resolution'];
  /** `max-affected` where it holds (`handling=strict`), else undefined. */
  readonly maxAffected: number | undefined;
}

/** A statement that answers a request, with its values. */
export interface BuiltAction {
  readonly text: string;
  readonly parameters: readonly WrittenParameter[];
  /** A statement without EXPLAIN whose estimated number of rows is the count that was asked for. */
  readonly explain: { readonly text: string; readonly parameters: readonly WrittenParameter[] } | undefined;
  /** Names of the columns of the one row; empty for an EXPLAIN, whose rows are lines. */
  readonly columns: readonly string[];
  /** The statement is an EXPLAIN. */
  readonly explains: boolean;
}
