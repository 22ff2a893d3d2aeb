import type { PlannedField } from '../../plan/read-plan.ts';
import type {
  ExactValue,
  FtsOperator,
  IsValue,
  Operation,
  QuantOperator,
  SimpleOperator,
} from '../../query/query-params.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { textArray } from './text-array.ts';

const simple: Readonly<Record<SimpleOperator, string>> = {
  neq: '<>',
  cs: '@>',
  cd: '<@',
  ov: '&&',
  sl: '<<',
  sr: '>>',
  nxr: '&<',
  nxl: '&>',
  adj: '-|-',
};
const quant: Readonly<Record<QuantOperator, string>> = {
  eq: '=',
  gte: '>=',
  gt: '>',
  lte: '<=',
  lt: '<',
  like: 'like',
  ilike: 'ilike',
  match: '~',
  imatch: '~*',
};
const search: Readonly<Record<FtsOperator, string>> = {
  fts: 'to_tsquery',
  plfts: 'plainto_tsquery',
  phfts: 'phraseto_tsquery',
  wfts: 'websearch_to_tsquery',
};
const tests: Readonly<Record<IsValue, string>> = {
  null: 'NULL',
  not_null: 'NOT NULL',
  true: 'TRUE',
  false: 'FALSE',
  unknown: 'UNKNOWN',
};

/** What follows the field in a condition. Values are parameters without a type: PostgreSQL infers it from the field. */
export function operationSql(field: PlannedField, operation: Operation, writer: SqlWriter): string {
  const parameter = (value: string, exact?: ExactValue) =>
    writer.parameter(value, { column: field.name, ...exact });
  const represented = (value: string) =>
    field.transform === undefined ? parameter(value) : `${field.transform}(${parameter(value)})`;
  switch (operation.kind) {
    case 'simple':
      return `${simple[operation.operator]} ${represented(operation.value)}`;
    case 'quant': {
      const isLike = operation.operator === 'like' || operation.operator === 'ilike';
      // A star stands for the percent sign, which would have to be encoded in a URL.
      const { exact } = operation;
      const value =
        exact !== undefined
          ? parameter(operation.value, exact)
          : isLike
            ? parameter(operation.value.replaceAll('*', '%'))
            : represented(operation.value);
      const operator = quant[operation.operator];
      if (operation.quantifier === undefined) return `${operator} ${value}`;
      return `${operator} ${operation.quantifier === 'any' ? 'ANY' : 'ALL'}(${value})`;
    }
    case 'in': {
      // One array, so that lists of any length are one shape. The empty list of `in.()` reaches us as one empty text.
      const isEmpty =
        operation.exact === undefined && operation.values.length === 1 && operation.values[0] === '';
      const list = textArray(isEmpty ? [] : operation.values);
      if (field.transform === undefined) return `= ANY (${parameter(list)})`;
      const texts = writer.parameter(list, { column: field.name, type: 'text[]' });
      return `= ANY ((SELECT ${field.transform}(pg_catalog.unnest(${texts}))))`;
    }
    case 'is':
      return `IS ${tests[operation.value]}`;
    case 'isdistinct':
      return `IS DISTINCT FROM ${parameter(operation.value)}`;
    case 'fts': {
      const language = operation.language === undefined ? '' : `${writer.parameter(operation.language)}, `;
      return `@@ ${search[operation.operator]}(${language}${parameter(operation.value)})`;
    }
  }
}
