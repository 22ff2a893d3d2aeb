import type { CallPlan } from '../../plan/call-plan.ts';
import type { RoutineParameter } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';

/** The body as the one unnamed parameter; arguments of a form become an object of texts. */
export function unnamedArgumentSql(
  parameter: RoutineParameter,
  args: CallPlan['args'],
  writer: SqlWriter,
): string {
  const text = args.kind === 'body' ? args.text : objectOf(args.values);
  return writer.parameter(text, { type: parameter.type });
}

function objectOf(values: Extract<CallPlan['args'], { kind: 'direct' }>['values']): string {
  const entries = [...values].map(([name, value]) => [
    name,
    value.kind === 'fixed' ? value.value : value.values,
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}
