/**
 * Short names for parts of `Database`: `Tables<'notes'>`, `Tables<{ schema: 'shop' }, 'notes'>` and so on, with the
 * names and parameters that programs with generated types know.
 * @param defaultSchema the schema that a name alone means
 */
export function helperTypes(defaultSchema: string): string {
  return `type Schemas = Omit<Database, '__InternalSupabase'>;
type DefaultSchema = Schemas[${JSON.stringify(defaultSchema)}];
type Elsewhere = { schema: keyof Schemas };

type Relations<Schema extends { Tables: unknown; Views: unknown }> = Schema['Tables'] & Schema['Views'];
type Member<Item, Name extends string> = Item extends { [_ in Name]: infer Type } ? Type : never;

export type Tables<
  Name extends keyof Relations<DefaultSchema> | Elsewhere,
  Relation extends Name extends Elsewhere ? keyof Relations<Schemas[Name['schema']]> : never = never,
> = Name extends Elsewhere
  ? Member<Relations<Schemas[Name['schema']]>[Relation], 'Row'>
  : Name extends keyof Relations<DefaultSchema>
    ? Member<Relations<DefaultSchema>[Name], 'Row'>
    : never;

${writtenHelper('TablesInsert', 'Insert')}

${writtenHelper('TablesUpdate', 'Update')}

${namedHelper('Enums')}

${namedHelper('CompositeTypes')}
`;
}

function writtenHelper(name: string, member: string): string {
  return `export type ${name}<
  Name extends keyof DefaultSchema['Tables'] | Elsewhere,
  Relation extends Name extends Elsewhere ? keyof Schemas[Name['schema']]['Tables'] : never = never,
> = Name extends Elsewhere
  ? Member<Schemas[Name['schema']]['Tables'][Relation], '${member}'>
  : Name extends keyof DefaultSchema['Tables']
    ? Member<DefaultSchema['Tables'][Name], '${member}'>
    : never;`;
}

function namedHelper(section: string): string {
  return `export type ${section}<
  Name extends keyof DefaultSchema['${section}'] | Elsewhere,
  Type extends Name extends Elsewhere ? keyof Schemas[Name['schema']]['${section}'] : never = never,
> = Name extends Elsewhere
  ? Schemas[Name['schema']]['${section}'][Type]
  : Name extends keyof DefaultSchema['${section}']
    ? DefaultSchema['${section}'][Name]
    : never;`;
}
