import { escapeIdentifier } from 'pg';

/** One privilege of a login on one thing of a project's database. */
export interface Grant {
  readonly kind: 'table' | 'sequence' | 'schema' | 'function' | 'default';
  readonly schema: string;
  /** Of the relation; of a function with its argument types; of a default `tables` or `sequences`. */
  readonly name: string;
  /** Only of a table, and only when the privilege is of this column alone. */
  readonly column: string | null;
  readonly privilege: string;
  /** Of a default: the role whose future objects it is about. */
  readonly maker: string | null;
}

/** What a GRANT or REVOKE has between its verb and `to` or `from`. Two grants of the same text are one. */
export function grantText(grant: Grant): string {
  const { kind, schema, name, column, privilege, maker } = grant;
  const what = column === null ? privilege : `${privilege} (${escapeIdentifier(column)})`;
  switch (kind) {
    case 'schema':
      return `${what} on schema ${escapeIdentifier(schema)}`;
    case 'function':
      return `${what} on function ${name}`;
    case 'default':
      return `${privilege} on ${name} of ${maker ?? ''} in ${schema}`;
    default:
      return `${what} on ${kind} ${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
  }
}

/**
 * The statement that gives or takes it.
 * @param role name of the login
 */
export function grantStatement(verb: 'grant' | 'revoke', grant: Grant, role: string): string {
  const who = `${verb === 'grant' ? 'to' : 'from'} ${escapeIdentifier(role)}`;
  if (grant.kind !== 'default') {
    return `${verb} ${grantText(grant)} ${who}${verb === 'revoke' ? ' cascade' : ''}`;
  }
  const { maker, schema, privilege, name } = grant;
  const place = schema === '' ? '' : ` in schema ${escapeIdentifier(schema)}`;
  return `alter default privileges for role ${escapeIdentifier(maker ?? '')}${place} ${verb} ${privilege} on ${name} ${who}`;
}
