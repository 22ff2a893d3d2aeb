import { ExtensionError, type JsonText } from '../../sdk/index.ts';
import type { Parameter, ParameterSource } from '../build-sql/statement.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { findColumn } from '../schema-cache/find-column.ts';
import type { BatchOperation } from './batch-operation.ts';
import { parseReference } from './parse-reference.ts';
import type { Reference } from './reference.ts';
import type { StepTarget } from './step-target.ts';

/** Collects values and references of one operation while its text is built. */
export class StepWriter {
  readonly operation: BatchOperation;
  readonly parameters: Parameter[] = [];
  readonly values: (string | null)[] = [];
  /** Types that values are cast to in the text, or of their columns: part of the statement's shape. */
  readonly types: string[] = [];
  readonly references: Reference[] = [];
  readonly #operations: readonly BatchOperation[];
  readonly #targets: readonly StepTarget[];

  /** @param targets of all operations */
  constructor(
    operation: BatchOperation,
    operations: readonly BatchOperation[],
    targets: readonly StepTarget[],
  ) {
    this.operation = operation;
    this.#operations = operations;
    this.#targets = targets;
  }

  /** Takes a value and gives the text that stands for it. @param type a cast; without one PostgreSQL infers it */
  parameter(
    value: string | null,
    source: ParameterSource,
    column: ColumnSchema | null,
    type?: string,
  ): string {
    this.values.push(value);
    this.parameters.push({ source, column });
    this.types.push(type ?? column?.type ?? '');
    const place = `$${this.values.length}`;
    return type === undefined ? place : `${place}::${type}`;
  }

  /**
   * Notes a reference and looks up what it names.
   * @returns its position, by which the statement refuses it
   * @throws MF434
   */
  refer(json: JsonText): { readonly reference: Reference; readonly index: number } {
    const reference = parseReference(json, this.operation, this.#operations);
    const target = this.#targets[reference.step]!;
    const { text, column } = reference;
    if (column === undefined && target.rows) {
      throw leadsNowhere(text, 'It names no column.', `Write "${text}.id" for a column of its row.`);
    }
    if (column !== undefined && !target.rows) {
      throw leadsNowhere(
        text,
        'That operation gives a value, no rows.',
        'Leave the part behind the dot out.',
      );
    }
    if (target.list)
      throw leadsNowhere(text, 'Rows of a "query" cannot be referred to.', 'Use where and fields there.');
    if (column !== undefined && target.table !== undefined) {
      try {
        findColumn(target.table, column, `the reference "${text}"`);
      } catch (error) {
        if (!(error instanceof ExtensionError)) throw error;
        throw new ExtensionError('MF434', error.message, {
          fix: error.fix,
          details: { ...error.details, reference: text },
        });
      }
    }
    this.references.push(reference);
    return { reference, index: this.references.length - 1 };
  }
}

function leadsNowhere(reference: string, problem: string, fix: string): ExtensionError {
  return new ExtensionError('MF434', `The reference "${reference}" leads nowhere. ${problem}`, {
    fix,
    details: { reference },
  });
}
