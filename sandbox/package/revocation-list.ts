import { join } from 'node:path';
import semver from 'semver';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Shape } from './first-misfit.ts';
import { manifestPatterns } from './manifest-patterns.ts';
import { readCheckedJson } from './read-checked-json.ts';
import { writeDurably } from './write-durably.ts';

/** One thing that is out of circulation, with why and since when (ISO 8601). */
export type Revocation = { readonly reason: string; readonly at: string } & (
  | { readonly fingerprint: string }
  /** SHA-256 of a package file, or the digest of its contents. */
  | { readonly sha256: string }
  /** Versions of an extension, a semver range. */
  | { readonly id: string; readonly range: string }
);

/** What of a package can be revoked. */
export interface Revocable {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
  readonly digest: string;
  /** Of the key that signed it. */
  readonly fingerprint: string | null;
}

const fileName = 'revoked.json';
const optional = {
  fingerprint: { type: 'string', pattern: '^SHA256:[A-Za-z0-9+/]{43}$', maxLength: 50 },
  sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', maxLength: 64 },
  id: { type: 'string', pattern: manifestPatterns.id, maxLength: 100 },
  range: { type: 'string', minLength: 1, maxLength: 100 },
} satisfies Record<string, Shape>;

const shape: Shape = {
  type: 'object',
  properties: {
    version: { type: 'integer', minimum: 1, maximum: 1 },
    revoked: {
      type: 'array',
      maxItems: 100_000,
      items: {
        type: 'object',
        properties: {
          ...optional,
          reason: { type: 'string', minLength: 1, maxLength: 500 },
          at: { type: 'string', minLength: 1, maxLength: 40 },
        },
        required: ['reason', 'at'],
        additionalProperties: false,
      },
    },
  },
  required: ['version', 'revoked'],
  additionalProperties: false,
};

/** `revoked.json` in the machine's folder of extensions. */
export const revocationList = {
  /**
   * @param folder `<dataDir>/extensions`
   * @throws MF705 when the file is damaged
   */
  read(folder: string): readonly Revocation[] {
    const value = readCheckedJson(join(folder, fileName), shape) as
      | { readonly revoked: readonly Revocation[] }
      | undefined;
    for (const one of value?.revoked ?? []) assertOne(one);
    return value?.revoked ?? [];
  },

  write(folder: string, revoked: readonly Revocation[]): void {
    for (const one of revoked) assertOne(one);
    writeDurably(join(folder, fileName), `${JSON.stringify({ version: 1, revoked }, null, 2)}\n`, {
      backup: true,
    });
  },

  /** The first entry that takes this package out of circulation. */
  find(revoked: readonly Revocation[], target: Revocable): Revocation | undefined {
    return revoked.find((one) => {
      if ('fingerprint' in one) return one.fingerprint === target.fingerprint;
      if ('sha256' in one) return one.sha256 === target.sha256 || one.sha256 === target.digest;
      return one.id === target.id && semver.satisfies(target.version, one.range, { includePrerelease: true });
    });
  },
} as const;

/** An entry that names nothing, or a range that is none, would revoke less than somebody meant. */
function assertOne(one: Revocation): void {
  const kinds = ['fingerprint', 'sha256', 'id'].filter((name) => name in one).length;
  const patterns = Object.entries(optional).every(([name, { ...rule }]) => {
    const value = (one as unknown as Record<string, unknown>)[name];
    return value === undefined || !('pattern' in rule) || new RegExp(rule.pattern).test(String(value));
  });
  const ranged = 'range' in one;
  if (
    kinds !== 1 ||
    !patterns ||
    ranged !== 'id' in one ||
    (ranged && semver.validRange(one.range) === null)
  ) {
    throw new MagFlockError(
      'MF667',
      `This revocation names nothing that can be revoked: ${JSON.stringify(one)}.`,
      {
        fix: 'it needs a fingerprint (SHA256:…), a sha256, or an id with a semver range',
      },
    );
  }
}
