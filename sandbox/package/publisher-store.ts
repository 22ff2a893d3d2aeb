import { join } from 'node:path';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { assertPublisher } from './assert-publisher.ts';
import type { Shape } from './first-misfit.ts';
import { manifestPatterns } from './manifest-patterns.ts';
import { publicKey } from './public-key.ts';
import { readCheckedJson } from './read-checked-json.ts';
import type { RotationStatement } from './rotation-statement.ts';
import { writeDurably } from './write-durably.ts';

/** A key that counted once. */
export interface FormerKey {
  readonly key: string;
  /** ISO 8601. */
  readonly until: string;
  /** Who put another in its place: the old key itself, or the operator. */
  readonly replacedBy: 'rotation' | 'operator';
}

export interface TrustedPublisher {
  readonly key: string;
  /** ISO 8601. */
  readonly trustedAt: string;
  /** The newest last. */
  readonly history: readonly FormerKey[];
}

/** Publishers whose signatures count on this machine, by name. */
export type Publishers = Readonly<Record<string, TrustedPublisher>>;

const fileName = 'publishers.json';
const key: Shape = { type: 'string', pattern: publicKey.pattern, maxLength: 60 };
const time: Shape = { type: 'string', minLength: 1, maxLength: 40 };

const shape: Shape = {
  type: 'object',
  properties: {
    version: { type: 'integer', minimum: 1, maximum: 1 },
    publishers: {
      type: 'object',
      propertyNames: { pattern: manifestPatterns.publisher, maxLength: 50 },
      maxProperties: 10_000,
      additionalProperties: {
        type: 'object',
        properties: {
          key,
          trustedAt: time,
          history: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                key,
                until: time,
                replacedBy: { type: 'string', enum: ['rotation', 'operator'] },
              },
              required: ['key', 'until', 'replacedBy'],
              additionalProperties: false,
            },
          },
        },
        required: ['key', 'trustedAt', 'history'],
        additionalProperties: false,
      },
    },
  },
  required: ['version', 'publishers'],
  additionalProperties: false,
};

/** `publishers.json` in the machine's folder of extensions. The functions that change it give a new value. */
export const publisherStore = {
  /**
   * @param folder `<dataDir>/extensions`
   * @throws MF705 when the file is damaged
   */
  read(folder: string): Publishers {
    const value = readCheckedJson(join(folder, fileName), shape) as
      | { readonly publishers: Publishers }
      | undefined;
    return value?.publishers ?? {};
  },

  write(folder: string, publishers: Publishers): void {
    const text = `${JSON.stringify({ version: 1, publishers }, null, 2)}\n`;
    writeDurably(join(folder, fileName), text, { backup: true });
  },

  /**
   * The operator's word: this key and no other is the publisher's.
   * @throws MF667 for a name or key that cannot be one
   */
  trust(publishers: Publishers, publisher: string, newKey: string, at: string): Publishers {
    assertPublisher(publisher);
    publicKey.parse(newKey);
    return replaceKey(publishers, publisher, newKey, at, 'operator');
  },

  distrust(publishers: Publishers, publisher: string): Publishers {
    return Object.fromEntries(Object.entries(publishers).filter(([name]) => name !== publisher));
  },

  /**
   * Follows rotations that `verifyPackage` accepted.
   * @throws MF667 when they do not begin at the key that counts
   */
  rotate(publishers: Publishers, rotations: readonly RotationStatement[], at: string): Publishers {
    return rotations.reduce((all, { publisher, oldKey, newKey }) => {
      if (!Object.hasOwn(all, publisher) || all[publisher]!.key !== oldKey) {
        throw new MagFlockError(
          'MF667',
          `The rotation of ${publisher} does not begin at the key that counts.`,
        );
      }
      return replaceKey(all, publisher, newKey, at, 'rotation');
    }, publishers);
  },
} as const;

function replaceKey(
  publishers: Publishers,
  publisher: string,
  newKey: string,
  at: string,
  replacedBy: FormerKey['replacedBy'],
): Publishers {
  const before = Object.hasOwn(publishers, publisher) ? publishers[publisher] : undefined;
  if (before?.key === newKey) return publishers;
  const history = before === undefined ? [] : [...before.history, { key: before.key, until: at, replacedBy }];
  return {
    ...publishers,
    // The operator may go back to an older key; then it is no former one any more.
    [publisher]: { key: newKey, trustedAt: at, history: history.filter((former) => former.key !== newKey) },
  };
}
