import type { Routine } from '../../schema-cache/data-schema.ts';
import type { ArgumentValue } from '../call-plan.ts';

/** Arguments of a query string or form by name: repeats feed a VARIADIC parameter, of others the last one holds. */
export function directArguments(
  routine: Routine,
  pairs: readonly (readonly [string, string])[],
): ReadonlyMap<string, ArgumentValue> {
  const values = new Map<string, ArgumentValue>();
  const variadic = routine.hasVariadic ? routine.parameters.find((each) => each.variadic)?.name : undefined;
  const list: string[] = [];
  for (const [name, value] of pairs) {
    if (name === variadic) {
      list.push(value);
      values.set(name, { kind: 'variadic', values: list });
    } else values.set(name, { kind: 'fixed', value });
  }
  return values;
}
