import type { Plan } from '../../../../sdk/index.ts';
import { assignedSql } from '../../../build-sql/assigned-sql.ts';
import { ParameterList } from '../../../build-sql/parameter-list.ts';
import type { ParameterSource } from '../../../build-sql/statement.ts';
import type { BoundRow } from '../../../plan/bound-row.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';

/** Collects a statement of many parts: CTEs, values, and what must be true of each part. */
export class NestedWriter {
  readonly parameters = new ParameterList();
  readonly values: (string | null)[] = [];
  /** Table of each value's column. */
  readonly tables: string[] = [];
  readonly parts: string[] = [];
  /** `when … then …`, in the order in which they are looked at. */
  readonly guards: string[] = [];

  /** What is done to what, for the scopes of keys and for hooks. */
  readonly operations: NonNullable<Plan['further']>[number][] = [];

  /** Adds a part. @returns its name */
  part(sql: string): string {
    const name = `n${this.parts.length}`;
    this.parts.push(`${name} as (\n  ${sql}\n)`);
    return name;
  }

  /** What a column is set to. */
  assigned(table: TableSchema, { column, value }: BoundRow[number]): string {
    this.#take(table, value.text);
    return assignedSql(table, { column, mode: value.mode }, this.parameters);
  }

  /** A value that is compared with its column. */
  compared(
    table: TableSchema,
    { column, value }: BoundRow[number],
    source: ParameterSource = 'body',
  ): string {
    this.#take(table, value.text);
    return this.parameters.add(source, column);
  }

  /** Notes what a part does. */
  did(
    operation: Plan['operation'],
    { schema, name }: TableSchema,
    action: NonNullable<Plan['action']>,
  ): void {
    const known = this.operations.some((one) => one.table.name === name && one.action === action);
    if (!known) this.operations.push({ operation, table: { schema, name }, action });
  }

  /** Parameters that others have added to `parameters`. */
  took(table: TableSchema, values: readonly (string | null)[]): void {
    for (const value of values) this.#take(table, value);
  }

  #take(table: TableSchema, value: string | null): void {
    this.values.push(value);
    this.tables.push(table.name);
  }
}
