import { DatabaseFailure } from '../../../../runtime/errors/database-failure.ts';
import type { RequestRole } from '../../../../runtime/protocol/identity.protocol.ts';
import { databaseErrorFacts } from '../map-error.ts';

/** Bytes that PostgreSQL keeps of a name. */
const longestName = 63;

/**
 * Why no lane may act as a role: it would leave the transaction with the login role, or cannot be a name. All other
 * names are PostgreSQL's to judge, which knows the roles that the login is a member of.
 * @param login the lane's own
 * @returns what PostgreSQL says of a role that cannot be taken on, for the gateway to explain
 */
export function roleRefusal(role: RequestRole, login: string): DatabaseFailure | undefined {
  if (role === login) return refusal('42501', `permission denied to set role "${role}"`);
  const named = role !== '' && role.toLowerCase() !== 'none' && !role.includes('\0');
  if (named && Buffer.byteLength(role) <= longestName) return undefined;
  return refusal('22023', `role "${role.replaceAll('\0', '')}" does not exist`);
}

function refusal(code: string, message: string): DatabaseFailure {
  return new DatabaseFailure(databaseErrorFacts({ code, message }));
}
