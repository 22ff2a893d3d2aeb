import type { FuzzSchema, FuzzTable } from './fuzz-schema.ts';
import { kinds } from './kinds.ts';
import { ident } from './quote.ts';

/**
 * Row policies by name. `own` asks the claims, `some` and `none` the rows: PostgreSQL leaves out what cannot have rows,
 * with the rights it would take, so that nothing may be known to be empty before it is read.
 */
const conditions: Readonly<Record<string, string>> = {
  all: 'true',
  own: `owner = current_setting('request.jwt.claims', true)::json ->> 'sub'`,
  some: `owner <> 'u1'`,
  none: `owner = 'nobody'`,
};

/** SQL that makes a schema anew in `public`, with one beside it that nobody is shown. */
export function schemaDdl({ tables }: FuzzSchema, roles: readonly string[]): string {
  const statements = [
    'drop schema if exists hidden cascade; drop schema public cascade; create schema public; create schema hidden',
    `grant usage on schema public to ${roles.map(ident).join(', ')}, service_role`,
    `create type fuzz_mood as enum ('sad', 'ok', 'very "happy"')`,
    `create domain fuzz_short as text check (length(value) < 20)`,
    `create table hidden.vault (id int primary key, word text); insert into hidden.vault values (1, 'CANARY')`,
    `create table guarded (id int primary key references hidden.vault, word text); insert into guarded values (1, 'CANARY')`,
    `create function hidden.peek() returns text language sql as $$ select word from hidden.vault $$`,
    ...tables.flatMap(tableDdl),
  ];
  return `${statements.join(';\n')};\ngrant all on all tables in schema public to service_role`;
}

function tableDdl(table: FuzzTable): readonly string[] {
  const name = ident(table.name);
  const statements: string[] = [];
  if (table.base === undefined) {
    const parts = table.columns.map(
      ({ name: column, kind }) =>
        `${ident(column)} ${kinds[kind].sql}${kind === 'int' && column === 'plain' ? ' default 7' : ''}`,
    );
    parts.push(`primary key (${list(table.key)})`);
    for (const key of table.foreignKeys) {
      parts.push(
        `constraint ${ident(key.name)} foreign key (${list(key.columns)}) references ${ident(key.target)} (${list(key.targetColumns)})`,
      );
      if (key.unique) parts.push(`unique (${list(key.columns)})`);
    }
    statements.push(`create table ${name} (${parts.join(', ')})`);
    if (table.rows.length > 0) {
      statements.push(
        `insert into ${name} values ${table.rows.map((row) => `(${row.join(', ')})`).join(', ')}`,
      );
    }
  } else {
    const columns = list(table.columns.map((column) => column.name));
    const options = table.invoker === true ? ' with (security_invoker)' : '';
    statements.push(`create view ${name}${options} as select ${columns} from ${ident(table.base)}`);
  }
  if (table.rowSecurity) statements.push(`alter table ${name} enable row level security`);
  for (const [role, policy] of Object.entries(table.policies)) {
    if (!table.rowSecurity) continue;
    const condition = conditions[policy] as string;
    statements.push(`create policy ${ident(role)} on ${name} to ${ident(role)} using (${condition})`);
  }
  for (const [role, grants] of Object.entries(table.grants)) {
    for (const right of ['select', 'insert', 'update'] as const) {
      const columns = grants[right];
      if (columns === 'none' || columns.length === 0) continue;
      const part = columns === 'all' ? '' : ` (${list(columns)})`;
      statements.push(`grant ${right}${part} on ${name} to ${ident(role)}`);
    }
    if (grants.delete) statements.push(`grant delete on ${name} to ${ident(role)}`);
  }
  if (table.function !== undefined) {
    const signature = `${ident(table.function.name)}()`;
    statements.push(
      `create function ${signature} returns setof ${name} language sql stable as $$ select * from ${name} $$`,
      `revoke execute on function ${signature} from public`,
      `grant execute on function ${signature} to service_role`,
      ...table.function.roles.map((role) => `grant execute on function ${signature} to ${ident(role)}`),
    );
  }
  return statements;
}

function list(names: readonly string[]): string {
  return names.map(ident).join(', ');
}
