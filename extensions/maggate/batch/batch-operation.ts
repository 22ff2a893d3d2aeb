import type { JsonText } from '../../sdk/index.ts';
import type { JsonObject } from '../parse/parse-documents.ts';

export type BatchWord = 'insert' | 'update' | 'upsert' | 'delete' | 'select' | 'call';

/** One operation of a batch as the caller wrote it. */
export interface BatchOperation {
  /** Counted from 0. */
  readonly step: number;
  /** What later operations and the answer call it: `id`, else its number. */
  readonly name: string;
  readonly op: BatchWord;
  /** Table, or function of a call. */
  readonly target: string;
  readonly data: JsonText | undefined;
  readonly where: JsonObject | undefined;
  /** Columns to show; empty for none, undefined for all. */
  readonly fields: readonly string[] | undefined;
  readonly onConflict: readonly string[] | undefined;
  /** Rows that it has to find or write, or nothing of the batch is done. */
  readonly expect: number | undefined;
  readonly sort: string | undefined;
  readonly limit: number | undefined;
  /** Of a select: the query string of a list, instead of where, fields, sort and limit. */
  readonly query: string | undefined;
}
