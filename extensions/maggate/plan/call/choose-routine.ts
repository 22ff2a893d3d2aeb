import type { Routine, RoutineParameter } from '../../schema-cache/data-schema.ts';

/**
 * The overloads that take the arguments given: all required parameters among them and nothing unknown. Only when there
 * are none, those with a single unnamed parameter of a type that takes the whole body.
 * @param unnamedTypes types that the body may be handed to; empty when there is no body
 * @param takesBody the body is no set of arguments, so that a function without parameters would drop it
 */
export function chooseRoutine(
  overloads: readonly Routine[],
  names: ReadonlySet<string>,
  unnamedTypes: readonly string[],
  takesBody: boolean,
): readonly Routine[] {
  const named: Routine[] = [];
  const unnamed: Routine[] = [];
  for (const routine of overloads) {
    const [first] = routine.parameters;
    if (takes(routine.parameters, names, takesBody)) named.push(routine);
    else if (routine.parameters.length === 1 && first!.name === '' && unnamedTypes.includes(first!.type)) {
      unnamed.push(routine);
    }
  }
  return named.length > 0 ? named : unnamed;
}

function takes(
  parameters: readonly RoutineParameter[],
  names: ReadonlySet<string>,
  takesBody: boolean,
): boolean {
  if (parameters.length === 0) return names.size === 0 && !takesBody;
  let given = 0;
  for (const { name, required } of parameters) {
    if (names.has(name)) given += 1;
    else if (required) return false;
  }
  return given === names.size;
}
