import { type ClientBase, escapeIdentifier, escapeLiteral } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ExtensionLoginRequest } from '../../../runtime/protocol/storage.protocol.ts';

const pattern = /^ext_[a-z0-9_]{1,59}$/;

/**
 * Gives the login its own schema. A schema that it has and may not have now goes to the project's owner, with what is
 * in it, and comes back when it is asked for again.
 * @returns whether a schema was taken away
 * @throws MF500 when the name is somebody else's, or none of an extension
 */
export async function placeSchema(
  client: ClientBase,
  { schema, extension }: Pick<ExtensionLoginRequest, 'schema' | 'extension'>,
  role: string,
  owner: string,
): Promise<boolean> {
  if (schema !== null && !pattern.test(schema)) {
    throw new MagFlockError('MF500', `"${schema.slice(0, 63)}" is no name for the schema of an extension.`, {
      fix: 'It is ext_ and the name of the extension.',
    });
  }
  const mark = `Extension ${extension}`;
  const { rows } = await client.query<{ name: string; owner: string; mark: string | null }>(
    `select n.nspname::text as name, r.rolname::text as owner, obj_description(n.oid, 'pg_namespace') as mark
     from pg_namespace n join pg_roles r on r.oid = n.nspowner where n.nspname = $1 or r.rolname = $2`,
    [schema ?? '', role],
  );
  const others = rows.filter((one) => one.owner === role && one.name !== schema);
  for (const { name } of others) {
    await client.query(`alter schema ${escapeIdentifier(name)} owner to ${escapeIdentifier(owner)}`);
  }
  if (schema === null) return others.length > 0;
  const name = escapeIdentifier(schema);
  const there = rows.find((one) => one.name === schema);
  if (there === undefined) {
    await client.query(`create schema ${name} authorization ${escapeIdentifier(role)}`);
    await client.query(`comment on schema ${name} is ${escapeLiteral(mark)}`);
  } else if (there.owner === owner && there.mark === mark) {
    await client.query(`alter schema ${name} owner to ${escapeIdentifier(role)}`);
  } else if (there.owner !== role) {
    throw new MagFlockError('MF500', `There is a schema ${schema} already, and it is not the extension's.`, {
      fix: 'Rename it, or remove the extension that has it.',
    });
  }
  return others.length > 0;
}
