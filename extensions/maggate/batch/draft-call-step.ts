import { quoteIdentifier } from '../build-sql/quote-identifier.ts';
import { qualifiedSql } from '../build-sql/tree/qualified-sql.ts';
import type { JsonObject } from '../parse/parse-documents.ts';
import type { Routine } from '../schema-cache/data-schema.ts';
import type { DraftedStep } from './drafted-step.ts';
import { jsonSql } from './json-sql.ts';
import type { StepWriter } from './step-writer.ts';
import { typedSql } from './typed-sql.ts';

/** Plans the call of a function; one that is not volatile reads only. A function is scoped by its name, as a table is. */
export function draftCallStep(
  routine: Routine,
  given: JsonObject | undefined,
  writer: StepWriter,
): DraftedStep {
  const { returns, schema, name } = routine;
  const scalar = returns.kind === 'scalar';
  const call = `${qualifiedSql(routine)}(${argumentsSql(routine, given, writer)})`;
  const sql = scalar ? `select ${call} as value` : `select f.* from ${call} as f`;
  const operation = routine.volatility === 'volatile' ? 'insert' : 'select';
  const table = { schema, name };
  const isVoid = scalar && returns.type.name === 'void';
  return {
    rows: () => sql,
    columns: undefined,
    shows: isVoid ? 'none' : scalar ? (returns.setOf ? 'values' : 'value') : returns.setOf ? 'rows' : 'one',
    limit: undefined,
    access: operation === 'select' ? 'read' : 'write',
    operation,
    table,
    does: [{ operation, table }],
  };
}

function argumentsSql({ parameters }: Routine, given: JsonObject | undefined, writer: StepWriter): string {
  if (given === undefined) return '';
  const [first] = parameters;
  if (parameters.length === 1 && first!.name === '') return typedSql(jsonSql(given, writer), first!.type);
  return parameters
    .filter(({ name }) => given.entries.has(name))
    .map(({ name, type, variadic }) => {
      const value = typedSql(jsonSql(given.entries.get(name)!, writer), type);
      return `${variadic ? 'variadic ' : ''}${quoteIdentifier(name)} := ${value}`;
    })
    .join(', ');
}
