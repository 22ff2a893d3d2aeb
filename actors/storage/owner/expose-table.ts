import { type Client, escapeIdentifier } from 'pg';
import { didYouMean } from '../../../runtime/errors/did-you-mean.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ExposeRequest } from '../../../runtime/protocol/storage.protocol.ts';
import { mapError } from '../postgres/map-error.ts';

const roles: readonly string[] = ['anon', 'authenticated'] satisfies ExposeRequest['role'][];
const operations: readonly string[] = [
  'select',
  'insert',
  'update',
  'delete',
] satisfies ExposeRequest['operations'][number][];

interface Found {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
}

/**
 * Grants operations on a table or view to a role of requests, and switches its row security. The table is one of
 * `public`, or `schema.table`: then the role may use the schema too, and secret keys get what every table of `public`
 * gives them.
 * @param client a connection as the project's owner
 * @returns whether row security is on now and how many policies there are
 * @throws MF401 for an unknown table, with did-you-mean; MF403 for one that is somebody else's
 */
export async function exposeTable(
  client: Client,
  request: ExposeRequest,
): Promise<{ readonly rowSecurity: boolean; readonly policies: number }> {
  if (!roles.includes(request.role))
    throw new MagFlockError('MF403', `"${request.role}" is not a role to expose to.`);
  const wanted = request.operations.filter((operation) => operations.includes(operation));
  if (wanted.length === 0) throw new MagFlockError('MF403', 'Name at least one operation to allow.');
  const found = await findTable(client, request);
  const { kind } = found;
  const schema = escapeIdentifier(found.schema);
  const table = `${schema}.${escapeIdentifier(found.name)}`;
  try {
    await client.query('begin');
    if (found.schema !== 'public') {
      await client.query(`grant usage on schema ${schema} to ${request.role}, service_role`);
      await client.query(`grant all on table ${table} to service_role`);
      await grantSequences(client, table, 'service_role');
    }
    await client.query(`grant ${wanted.join(', ')} on table ${table} to ${request.role}`);
    if (wanted.includes('insert')) await grantSequences(client, table, request.role);
    if (request.rowSecurity !== undefined) {
      if (kind !== 'r' && kind !== 'p') {
        throw new MagFlockError('MF403', `"${request.table}" is a view: row security is set on its tables.`, {
          fix: 'Leave row security out, or make the view with security_invoker and set it on the tables.',
        });
      }
      await client.query(
        `alter table ${table} ${request.rowSecurity ? 'enable' : 'disable'} row level security`,
      );
    }
    const state = await rowSecurityOf(client, table);
    await client.query('commit');
    return state;
  } catch (thrown) {
    await client.query('rollback').catch(() => {});
    if ((thrown as { code?: string }).code !== '42501') throw mapError(thrown);
    throw new MagFlockError('MF403', `"${request.table}" belongs to another role than the project's owner.`, {
      fix: 'Hand it over: alter table … owner to the login of the database URL.',
      cause: thrown,
    });
  }
}

async function findTable(client: Client, { table }: ExposeRequest): Promise<Found> {
  const { rows } = await client.query<Found>(
    `select n.nspname as schema, c.relname as name, c.relkind as kind
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'v', 'm', 'f', 'p')`,
  );
  const spelled = ({ schema, name }: Found): string => (schema === 'public' ? name : `${schema}.${name}`);
  // A dot may be part of a name: what is in public comes first.
  const found =
    rows.find((row) => row.schema === 'public' && row.name === table) ??
    rows.find(({ schema, name }) => `${schema}.${name}` === table);
  if (found !== undefined) return found;
  const elsewhere = rows.filter(({ name }) => name === table).map(spelled);
  const near = elsewhere[0] ?? didYouMean(table, rows.map(spelled));
  const where = table.includes('.') ? '' : ' in schema public';
  throw new MagFlockError('MF401', `There is no table "${table}"${where}.`, {
    fix: near === undefined ? 'GET /api lists the tables.' : `Did you mean "${near}"?`,
    details: { table, ...(near === undefined ? {} : { didYouMean: near }) },
  });
}

/** A serial column draws from a sequence, which has rights of its own. */
async function grantSequences(client: Client, table: string, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select s.oid::pg_catalog.regclass::text as name
     from pg_catalog.pg_depend d
     join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
     where d.refobjid = pg_catalog.to_regclass($1) and d.deptype = 'a'`,
    [table],
  );
  for (const { name } of rows) await client.query(`grant usage on sequence ${name} to ${role}`);
}

async function rowSecurityOf(
  client: Client,
  table: string,
): Promise<{ rowSecurity: boolean; policies: number }> {
  const { rows } = await client.query<{ on: boolean; policies: string }>(
    `select c.relrowsecurity as on, (select count(*) from pg_catalog.pg_policy p where p.polrelid = c.oid) as policies
     from pg_catalog.pg_class c where c.oid = pg_catalog.to_regclass($1)`,
    [table],
  );
  return { rowSecurity: rows[0]?.on ?? false, policies: Number(rows[0]?.policies ?? 0) };
}
