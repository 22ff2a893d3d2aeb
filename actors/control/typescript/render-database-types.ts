import type { DatabaseShape, RoutineShape } from './database-shape.ts';
import { helperTypes } from './helper-types.ts';
import { propertyName } from './property-name.ts';
import { relationTypes } from './relation-types.ts';
import { routineTypes } from './routine-types.ts';
import { TypeWriter } from './type-writer.ts';

/**
 * Writes the types of a database as one TypeScript module, in the shape that `createClient<Database>` of supabase-js
 * takes. The same database gives the same text.
 * @param schemas those of the shape, in the order they are exposed: the first is the default
 */
export function renderDatabaseTypes(schemas: readonly string[], shape: DatabaseShape): string {
  const writer = new TypeWriter(shape, schemas);
  const bodies = schemas.toSorted().map((schema) => oneSchema(schema, shape, writer));
  return [
    'export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];',
    '',
    'export type Database = {',
    '  // What the client may ask of the server: spread of many rows, max-affected.',
    "  __InternalSupabase: { PostgrestVersion: '14.1' };",
    ...bodies,
    '};',
    '',
    helperTypes(schemas[0] ?? 'public'),
    constants(schemas, shape),
  ].join('\n');
}

function oneSchema(schema: string, shape: DatabaseShape, writer: TypeWriter): string {
  const here = <T extends { readonly schema: string }>(all: readonly T[]): readonly T[] =>
    all.filter((one) => one.schema === schema);
  const relations = here(shape.relations);
  const routines = here(shape.routines);
  const relationEntries = (view: boolean): readonly Entry[] =>
    relations
      .filter((relation) => relation.view === view)
      .map((relation) => [
        relation.name,
        relationTypes(relation, computedOf(relation.type, routines, writer), writer),
      ]);
  const overloads = Map.groupBy(routines, ({ name }) => name);
  const functions = [...overloads].map(([name, all]): Entry => [name, routineTypes(all, writer)]);
  const types = here(shape.types);
  const enums = types
    .filter(({ kind }) => kind === 'enum')
    .map(
      ({ name, values }): Entry => [name, (values ?? []).map((value) => JSON.stringify(value)).join(' | ')],
    );
  const composites = types
    .filter(({ kind, columns }) => kind === 'composite' && columns !== null)
    .map(({ name, columns }): Entry => {
      return [name, writer.columns((columns ?? []).map((one) => ({ ...one, nullable: true })))];
    });
  return [
    `  ${propertyName(schema)}: {`,
    section('Tables', relationEntries(false)),
    section('Views', relationEntries(true)),
    section('Functions', functions),
    section('Enums', enums),
    section('CompositeTypes', composites),
    '  };',
  ].join('\n');
}

type Entry = readonly [name: string, type: string | undefined];

function section(name: string, entries: readonly Entry[]): string {
  const written = entries.filter(([, type]) => type !== undefined);
  if (written.length === 0) return `    ${name}: { [_ in never]: never };`;
  const lines = written.map(([entry, type]) => `      ${propertyName(entry)}: ${type || 'never'};`);
  return [`    ${name}: {`, ...lines, '    };'].join('\n');
}

function computedOf(type: number, routines: readonly RoutineShape[], writer: TypeWriter): RoutineShape[] {
  return routines.filter(({ parameters, set, returns }) => {
    const [only] = parameters;
    if (parameters.length !== 1 || only?.name !== '' || only.type !== type) return false;
    return !set && writer.relationOf(returns) === undefined;
  });
}

function constants(schemas: readonly string[], shape: DatabaseShape): string {
  const lines = schemas.toSorted().map((schema) => {
    const enums = shape.types
      .filter((type) => type.kind === 'enum' && type.schema === schema)
      .map(({ name, values }) => `${propertyName(name)}: ${JSON.stringify(values ?? [])}`);
    return `  ${propertyName(schema)}: { Enums: {${enums.length === 0 ? '' : ` ${enums.join(', ')} `}} },`;
  });
  return ['export const Constants = {', ...lines, '} as const;', ''].join('\n');
}
