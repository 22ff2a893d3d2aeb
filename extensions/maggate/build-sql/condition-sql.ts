import type { ComparisonOperator, IsTest } from '../parse/filter.ts';
import type { Condition } from '../plan/condition.ts';
import { columnName } from './column-name.ts';
import type { ParameterList } from './parameter-list.ts';

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
export function conditionSql(condition: Condition, parameters: ParameterList): string {
  const positive = positiveSql(condition, parameters);
  return condition.negated ? `not (${positive})` : positive;
}

function positiveSql(condition: Condition, parameters: ParameterList): string {
  const column = columnName('t', condition.column);
  switch (condition.kind) {
    case 'comparison':
      return `${column} ${symbols[condition.operator]} ${parameters.add('filter', condition.column)}`;
    case 'in':
      // One array parameter, so that the text is the same for lists of any length.
      return `${column} = any (${parameters.add('filter', condition.column)})`;
    case 'is':
      return `${column} is ${tests[condition.test]}`;
  }
}
