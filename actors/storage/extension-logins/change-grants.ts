import type { ClientBase } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { type Grant, grantStatement, grantText } from './grant.ts';
import { readGrants } from './read-grants.ts';

/**
 * Makes what a login was granted exactly what is wanted. What already fits is left alone: each GRANT counts as a
 * change of the schema. Run it in a transaction.
 * @returns whether something was revoked
 * @throws MF500 when somebody else granted what cannot be taken back, or a table is not the owner's to grant
 */
export async function changeGrants(
  client: ClientBase,
  role: string,
  wanted: readonly Grant[],
): Promise<{ readonly revoked: boolean }> {
  const after = new Map(wanted.map((grant) => [grantText(grant), grant]));
  const before = new Map((await readGrants(client, role)).map((grant) => [grantText(grant), grant]));
  const surplus = [...before].filter(([text]) => !after.has(text));
  const missing = [...after].filter(([text]) => !before.has(text));
  if (surplus.length + missing.length === 0) return { revoked: false };
  // Revoking a privilege of a table takes that of its columns along, so what is missing comes last.
  for (const [, grant] of surplus) await client.query(grantStatement('revoke', grant, role));
  for (const [, grant] of missing) await client.query(grantStatement('grant', grant, role));
  let now = new Set((await readGrants(client, role)).map(grantText));
  const lost = wanted.filter((grant) => !now.has(grantText(grant)));
  for (const grant of lost) await client.query(grantStatement('grant', grant, role));
  now = new Set((await readGrants(client, role)).map(grantText));
  const [wrong] = [...now]
    .filter((text) => !after.has(text))
    .concat([...after.keys()].filter((text) => !now.has(text)));
  if (wrong !== undefined) {
    throw new MagFlockError(
      'MF500',
      `The login of the extension could not be given exactly its rights: ${wrong}.`,
      {
        fix: "Tables have to belong to the project's owner, and nobody else may grant anything to logins of extensions.",
        details: { right: wrong },
      },
    );
  }
  return { revoked: surplus.length > 0 };
}
