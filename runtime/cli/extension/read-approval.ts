import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ApprovedPermission } from './approved-permission.ts';

/**
 * The permissions in an approval file: a list of `{capability, scope}`, or what `magflock ext review <file> --json`
 * printed, which also says for which package it is.
 * @param sha256 of the package at hand; undefined when it is not known
 * @throws MF805 when the file cannot be read, MF669 when it is none or of another package
 */
export function readApproval(path: string, sha256?: string): readonly ApprovedPermission[] {
  const where = resolve(path);
  let text: string;
  try {
    text = readFileSync(where, 'utf8');
  } catch (cause) {
    throw new MagFlockError('MF805', 'the approval file cannot be read', {
      details: { where },
      fix: 'magflock ext review <file> --json > approve.json makes one',
      cause,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refused(where, 'it is not JSON', cause);
  }
  const review = value as { readonly questions?: unknown; readonly sha256?: unknown } | null;
  const list = Array.isArray(value) ? value : review?.questions;
  if (!Array.isArray(list)) throw refused(where, 'it is neither a list of permissions nor a review');
  if (!Array.isArray(value) && sha256 !== undefined && review?.sha256 !== sha256)
    throw refused(where, 'it is of another package; review this one');
  return list.map((one: Partial<ApprovedPermission> | null) => {
    const scope = one?.scope;
    if (typeof one?.capability !== 'string' || !Array.isArray(scope))
      throw refused(where, 'each permission is {"capability": "db.read", "scope": ["orders"]}');
    return { capability: one.capability, scope: scope.map(String) };
  });
}

function refused(where: string, why: string, cause?: unknown): MagFlockError {
  return new MagFlockError('MF669', `the approval file does not count: ${why}`, {
    details: { where },
    fix: 'magflock ext review <file> --json > approve.json makes one',
    ...(cause === undefined ? {} : { cause }),
  });
}
