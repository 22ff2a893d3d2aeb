import type { CallPlan } from '../../plan/call-plan.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { bodyRowsSql } from './body-rows-sql.ts';
import { columnSql } from './column-sql.ts';
import { directArgumentsSql } from './direct-arguments-sql.ts';
import { identifierSql } from './identifier-sql.ts';
import { qualifiedSql } from './qualified-sql.ts';
import { unnamedArgumentSql } from './unnamed-argument-sql.ts';

/** One call of a function. A scalar result is the column `pgrst_scalar`, anything else its own columns. */
export function callSql(plan: CallPlan, writer: SqlWriter): string {
  const { routine, parameters, args } = plan;
  const isScalar = routine.returns.kind === 'scalar';
  const called = (argumentList: string) => {
    const call = `${qualifiedSql(routine)}(${argumentList})`;
    return isScalar ? `(SELECT ${call} pgrst_scalar) pgrst_call` : `${call} pgrst_call`;
  };
  const selected = isScalar ? 'pgrst_call.pgrst_scalar' : returnedColumns(plan);
  return `SELECT ${selected} FROM ${source()}`;

  function source(): string {
    if (parameters.kind === 'unnamed') return called(unnamedArgumentSql(parameters.parameter, args, writer));
    if (args.kind === 'direct' || parameters.parameters.length === 0) {
      const values = args.kind === 'direct' ? args.values : new Map<string, never>();
      return called(directArgumentsSql(parameters.parameters, values, writer));
    }
    const rows = bodyRowsSql(
      {
        body: args.text,
        many: !/^[ \t\r\n]*\{/.test(args.text ?? ''),
        fields: parameters.parameters.map(({ name, typeMaxLength }) => ({
          name,
          type: typeMaxLength,
          transform: undefined,
          default: undefined,
        })),
        applyDefaults: false,
        firstOnly: true,
      },
      writer,
    );
    const named = parameters.parameters.map(({ name, variadic }) => {
      const argument = `${identifierSql(name)} := pgrst_body.${identifierSql(name)}`;
      return variadic ? `VARIADIC ${argument}` : argument;
    });
    return `${rows.slice('FROM '.length)}, LATERAL ${called(named.join(', '))}`;
  }
}

/** What is selected, and what is filtered by without being selected. */
function returnedColumns({ returning, filterFields }: CallPlan): string {
  const call = { schema: '', name: 'pgrst_call' };
  if (returning.length === 0 || returning.includes('*')) return columnSql(call, '*');
  const columns = [...new Set([...returning, ...filterFields])].sort();
  return columns.map((column) => columnSql(call, column)).join(', ');
}
