import { arrayOfTexts } from '../plan/array-of-texts.ts';
import type { Reference } from './reference.ts';
import type { StepWriter } from './step-writer.ts';

/** SQLSTATEs that statements of a batch raise themselves; never shown to a caller. The message is a number. */
export const batchRefusals = {
  /** A reference found no row. Message: its position in the operation. */
  noRow: 'MFB01',
  /** Not as many rows as were expected. Message: how many there were. */
  unexpected: 'MFB02',
} as const;

/** The setting that holds the rows of an operation for later ones. */
export function stepSetting(step: number): string {
  return `magflock.step_${step}`;
}

/** What a reference stands for, as json; raises when there is no such row. */
export function referenceSql(reference: Reference, index: number, writer: StepWriter): string {
  const { row, column, path } = reference;
  const steps = [String(row), ...(column === undefined ? [] : [column]), ...path];
  const where = writer.parameter(arrayOfTexts(steps), 'body', null, 'text[]');
  return `coalesce(${rowsSql(reference)} #> ${where}, mg_sys.refuse('${batchRefusals.noRow}', '${index}')::json)`;
}

/** The rows of the operation that a reference leads to, as a json list. */
export function rowsSql({ step }: Reference): string {
  // An EXPLAIN runs without the operations before it: there it is not set, or empty from another transaction.
  return `nullif(pg_catalog.current_setting('${stepSetting(step)}', true), '')::json`;
}
