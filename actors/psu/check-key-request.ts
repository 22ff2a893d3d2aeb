import { Value } from 'typebox/value';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { costLimitsSchema } from '../../runtime/project-settings/cost-limits-schema.ts';
import type { KeyScopes } from '../../runtime/protocol/identity.protocol.ts';
import type { CreateKeyRequest } from '../../runtime/protocol/psu.protocol.ts';
import { sourceRanges } from './source-ranges.ts';

const operations = ['select', 'insert', 'update', 'delete'] as const;
const scopeNames = ['tables', 'operations', 'addresses', 'expiresAt', 'limits'];

function invalid(field: string, detail: string): MagFlockError {
  return new MagFlockError('MF208', `${field}: ${detail}`, { details: { field } });
}

function textList(field: string, value: unknown): readonly string[] {
  // An empty list would read as "nothing" to one and as "no limit" to another.
  if (!Array.isArray(value) || value.length === 0 || value.length > 1000) {
    throw invalid(field, 'a list of 1 to 1,000 texts is needed; leave it out for no limit');
  }
  for (const item of value) {
    if (typeof item !== 'string' || item === '' || item.length > 255) {
      throw invalid(field, `${JSON.stringify(item)} is not a text of 1 to 255 characters`);
    }
  }
  return value;
}

function checkScopes(scopes: unknown, now: number): KeyScopes {
  if (typeof scopes !== 'object' || scopes === null || Array.isArray(scopes)) {
    throw invalid('scopes', 'an object is needed');
  }
  // A misspelt narrowing must not become a key without it.
  for (const name of Object.keys(scopes)) {
    if (!scopeNames.includes(name))
      throw invalid(`scopes.${name}`, `unknown; known: ${scopeNames.join(', ')}`);
  }
  const given = scopes as { readonly [N in keyof KeyScopes]: unknown };
  const checked: { -readonly [N in keyof KeyScopes]: KeyScopes[N] } = {};
  if (given.tables !== undefined) checked.tables = textList('scopes.tables', given.tables);
  if (given.operations !== undefined) {
    checked.operations = textList('scopes.operations', given.operations).map((name) => {
      const known = operations.find((operation) => operation === name);
      if (known === undefined)
        throw invalid('scopes.operations', `${name} is none of ${operations.join(', ')}`);
      return known;
    });
  }
  if (given.addresses !== undefined) {
    checked.addresses = textList('scopes.addresses', given.addresses);
    try {
      sourceRanges(checked.addresses);
    } catch (error) {
      throw invalid('scopes.addresses', (error as Error).message);
    }
  }
  if (given.expiresAt !== undefined) {
    if (!Number.isSafeInteger(given.expiresAt) || (given.expiresAt as number) <= now) {
      throw invalid('scopes.expiresAt', 'milliseconds since the epoch in the future are needed');
    }
    checked.expiresAt = given.expiresAt as number;
  }
  if (given.limits !== undefined) {
    if (!Value.Check(costLimitsSchema, given.limits) || Object.keys(given.limits).length === 0) {
      throw invalid(
        'scopes.limits',
        'one of cost, rows, bytes, depth, timeMs is needed, each a number from 1',
      );
    }
    checked.limits = given.limits;
  }
  return checked;
}

export interface CheckedKeyRequest {
  readonly project: string;
  readonly role: 'anon' | 'service_role';
  readonly name: string;
  readonly scopes: KeyScopes;
  readonly ephemeral: boolean;
}

/**
 * Checks what an operator asked for.
 * @param now milliseconds since the epoch
 * @throws MF208 naming the field
 */
export function checkKeyRequest(request: CreateKeyRequest, now: number): CheckedKeyRequest {
  if (!/^[a-z0-9]{1,40}$/.test(request.project)) {
    throw invalid('project', 'a ref is 1 to 40 of a-z and 0-9');
  }
  if (request.role !== 'anon' && request.role !== 'service_role') {
    throw invalid('role', `${JSON.stringify(request.role)} is none of anon, service_role`);
  }
  const name = request.name ?? (request.role === 'anon' ? 'public' : 'secret');
  if (typeof name !== 'string' || !/^[\p{L}\p{N}\p{P}\p{S} ]{1,100}$/u.test(name)) {
    throw invalid('name', '1 to 100 printable characters are needed');
  }
  return {
    project: request.project,
    role: request.role,
    name,
    scopes: checkScopes(request.scopes ?? {}, now),
    ephemeral: request.ephemeral === true,
  };
}
