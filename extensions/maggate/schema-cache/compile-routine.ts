import type { CatalogRoutine } from '../../sdk/index.ts';
import type { Routine, RoutineParameter } from './data-schema.ts';

/** @param hoisted names of settings that hold for the whole transaction of a call */
export function compileRoutine(routine: CatalogRoutine, hoisted: ReadonlySet<string>): Routine {
  const { schema, name, comment, parameters, returns, volatility, variadic, settings } = routine;
  return {
    schema,
    name,
    comment,
    parameters,
    returns: {
      setOf: returns.setOf,
      kind: returns.composite ? 'composite' : 'scalar',
      type: { schema: returns.schema, name: returns.name },
      isAlias: returns.isAlias,
    },
    volatility,
    hasVariadic: variadic,
    isolation: settings.find(([key]) => key === 'default_transaction_isolation')?.[1].toLowerCase() ?? null,
    settings: settings.filter(([key]) => hoisted.has(key)),
  };
}

/** Overloads: fewest parameters first, then as PostgREST orders them, which shows where several fit (PGRST203). */
export function compareRoutines(a: Routine, b: Routine): number {
  return (
    a.parameters.length - b.parameters.length ||
    compare(a.comment ?? '', b.comment ?? '') ||
    compareParameters(a.parameters, b.parameters)
  );
}

function compareParameters(a: readonly RoutineParameter[], b: readonly RoutineParameter[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order =
      compare(one.name, other.name) ||
      compare(one.type, other.type) ||
      Number(one.required) - Number(other.required) ||
      Number(one.variadic) - Number(other.variadic);
    if (order !== 0) return order;
  }
  return 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
