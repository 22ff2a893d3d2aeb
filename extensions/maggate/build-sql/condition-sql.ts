import type { ComparisonOperator, IsTest } from '../parse/filter.ts';
import type { Condition } from '../plan/condition.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { columnName } from './column-name.ts';
import type { ParameterList } from './parameter-list.ts';
import { recordValueSql } from './record-value-sql.ts';

const symbols: Readonly<Record<ComparisonOperator, string>> = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'like',
  ilike: 'ilike',
};

const tests: Readonly<Record<IsTest, string>> = {
  null: 'null',
  not_null: 'not null',
  true: 'true',
  false: 'false',
};

/** `t."age" >= $1`. The parameter has no type of its own: PostgreSQL gives it the column's. */
export function conditionSql(table: TableSchema, condition: Condition, parameters: ParameterList): string {
  const positive = positiveSql(table, condition, parameters);
  return condition.negated ? `not (${positive})` : positive;
}

function positiveSql(table: TableSchema, condition: Condition, parameters: ParameterList): string {
  const column = columnName('t', condition.column);
  switch (condition.kind) {
    case 'comparison': {
      const parameter = parameters.add('filter', condition.column);
      // A composite compared with a parameter would make that an anonymous record, which has no input function.
      const value =
        condition.column.kind === 'composite'
          ? recordValueSql(table, condition.column, `${parameter}::text`)
          : parameter;
      return `${column} ${symbols[condition.operator]} ${value}`;
    }
    case 'in':
      // One array parameter, so that the text is the same for lists of any length.
      return `${column} = any (${parameters.add('filter', condition.column)})`;
    case 'is':
      return `${column} is ${tests[condition.test]}`;
  }
}
