import { type ClientBase, escapeIdentifier, escapeLiteral } from 'pg';
import type { Login } from '../login.ts';
import { scramVerifier } from '../scram-verifier.ts';

/** Makes a login, or gives an existing one the password and attributes it should have. */
export async function ensureLogin(client: ClientBase, login: Login, attributes: string): Promise<void> {
  await ensureRole(
    client,
    login.user,
    `login ${attributes} password ${escapeLiteral(scramVerifier(login.password))}`,
  );
}

/** Makes a role, or gives an existing one these attributes. */
export async function ensureRole(client: ClientBase, name: string, attributes: string): Promise<void> {
  const { rows } = await client.query(`select from pg_catalog.pg_roles where rolname = $1`, [name]);
  const verb = rows.length === 0 ? 'create' : 'alter';
  try {
    await client.query(`${verb} role ${escapeIdentifier(name)} with ${attributes}`);
  } catch (thrown) {
    // Made by somebody else at the same moment.
    if ((thrown as { code?: string }).code !== '42710') throw thrown;
    await client.query(`alter role ${escapeIdentifier(name)} with ${attributes}`);
  }
}
