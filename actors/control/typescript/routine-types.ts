import type { RoutineShape } from './database-shape.ts';
import { propertyName } from './property-name.ts';
import type { TypeWriter } from './type-writer.ts';

/** The body of a request can be one unnamed parameter of these types. */
const bodyTypes = new Set(['json', 'jsonb', 'text', 'xml', 'bytea']);

/**
 * The types of a function by its overloads; undefined when none can be called. Two overloads that no request can tell
 * apart answer an error, as the API does.
 */
export function routineTypes(overloads: readonly RoutineShape[], writer: TypeWriter): string | undefined {
  const callable = overloads.filter((routine) => isCallable(routine, writer));
  if (callable.length === 0) return undefined;
  const types = callable.map((routine) => {
    const same = callable.filter(
      (other) => other !== routine && parameterNames(other) === parameterNames(routine),
    );
    if (same.length === 0) return oneRoutine(routine, writer, returnType(routine, writer));
    const candidates = [routine, ...same].map((each) => signature(each, writer)).toSorted();
    const said = `Could not choose the best candidate function between: ${candidates.join(', ')}`;
    return oneRoutine(routine, writer, `{ error: true } & ${JSON.stringify(said)}`);
  });
  return types.length === 1 ? types[0] : types.map((type) => `\n        | ${type}`).join('');
}

function isCallable({ parameters }: RoutineShape, writer: TypeWriter): boolean {
  const unnamed = parameters.filter(({ name }) => name === '');
  if (unnamed.length === 0) return true;
  const [only] = parameters;
  if (parameters.length !== 1 || only === undefined) return false;
  return bodyTypes.has(writer.nameOf(only.type)) || writer.relationOf(only.type) !== undefined;
}

function oneRoutine(routine: RoutineShape, writer: TypeWriter, returns: string): string {
  const options = setOptions(routine, writer);
  const members = [`Args: ${argumentType(routine, writer)}`, `Returns: ${returns}`];
  if (options !== undefined) members.push(`SetofOptions: ${options}`);
  return `{ ${members.join('; ')} }`;
}

function argumentType({ parameters }: RoutineShape, writer: TypeWriter): string {
  if (parameters.length === 0) return 'never';
  const members = parameters.toSorted(byName).map(({ name, type, optional }) => {
    return `${propertyName(name)}${optional ? '?' : ''}: ${writer.write(type)}`;
  });
  return `{ ${members.join('; ')} }`;
}

function returnType(routine: RoutineShape, writer: TypeWriter): string {
  const { columns, returns, set, one } = routine;
  const relation = writer.relationOf(returns);
  const inRows = columns.length > 1 || (columns.length === 1 && writer.nameOf(returns) === 'record');
  const value = inRows
    ? writer.columns(columns)
    : relation === undefined
      ? writer.write(returns)
      : writer.columns(
          relation.columns.map((column) => ({ ...column, nullable: relation.view || column.nullable })),
        );
  if (!set || (one && relation !== undefined)) return value;
  return /[ |]/.test(value) && !value.startsWith('{') ? `(${value})[]` : `${value}[]`;
}

/** Tells the client that rows of a table come, or that a row is taken: then it can be embedded. */
function setOptions(routine: RoutineShape, writer: TypeWriter): string | undefined {
  const [first] = routine.parameters;
  const from =
    routine.parameters.length === 1 && first !== undefined ? writer.relationOf(first.type) : undefined;
  const to = writer.relationOf(routine.returns);
  if (to === undefined) return undefined;
  const members = [
    `from: ${JSON.stringify(from?.name ?? '*')}`,
    `to: ${JSON.stringify(to.name)}`,
    `isOneToOne: ${routine.one}`,
    `isSetofReturn: ${routine.set}`,
  ];
  return `{ ${members.join('; ')} }`;
}

function parameterNames({ parameters }: RoutineShape): string {
  return JSON.stringify(parameters.map(({ name }) => name).toSorted());
}

function signature({ schema, name, parameters }: RoutineShape, writer: TypeWriter): string {
  const written = parameters.map((parameter) => `${parameter.name} => ${writer.nameOf(parameter.type)}`);
  return `${schema}.${name}(${written.join(', ')})`;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
