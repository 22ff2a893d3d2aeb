import type { ControlState } from './control-state.ts';

/** Which of these schemas the project's database does not have, in their order. */
export async function missingSchemas(
  { context }: ControlState,
  project: string,
  schemas: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await context.part('storage').ask('query', {
    database: `project:${project}`,
    text: `select wanted.name from pg_catalog.unnest($1::pg_catalog.text[]) with ordinality as wanted (name, place)
      where not exists (
        select from pg_catalog.pg_namespace as n where n.nspname operator(pg_catalog.=) wanted.name::pg_catalog.name
      ) order by wanted.place`,
    values: [schemas],
  });
  return rows.map(({ name }) => String(name));
}
