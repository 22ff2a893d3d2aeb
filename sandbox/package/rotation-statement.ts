import { type KeyObject, sign, verify } from 'node:crypto';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { canonicalJson } from './canonical-json.ts';
import { firstMisfit, type Shape } from './first-misfit.ts';
import { manifestPatterns } from './manifest-patterns.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { publicKey } from './public-key.ts';

/** A publisher's old key says which one comes after it. */
export interface RotationStatement {
  readonly publisher: string;
  readonly oldKey: string;
  readonly newKey: string;
  /** ISO 8601. */
  readonly at: string;
  /** Of the old key over the rest, base64. */
  readonly signature: string;
}

/** Keeps a signature for one purpose from being shown for another. */
const domain = 'magflock key rotation v1\0';
const maxStatements = 16;
const time = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{3})?Z$';

const shape: Shape = {
  type: 'object',
  properties: {
    format: { type: 'integer', minimum: 1, maximum: 1 },
    statements: {
      type: 'array',
      minItems: 1,
      maxItems: maxStatements,
      items: {
        type: 'object',
        properties: {
          publisher: { type: 'string', pattern: manifestPatterns.publisher, maxLength: 50 },
          oldKey: { type: 'string', pattern: publicKey.pattern, maxLength: 60 },
          newKey: { type: 'string', pattern: publicKey.pattern, maxLength: 60 },
          at: { type: 'string', pattern: time, maxLength: 30 },
          signature: { type: 'string', pattern: '^[A-Za-z0-9+/]{86}==$', maxLength: 88 },
        },
        required: ['publisher', 'oldKey', 'newKey', 'at', 'signature'],
        additionalProperties: false,
      },
    },
  },
  required: ['format', 'statements'],
  additionalProperties: false,
};

/** `magflock.rotation.json`: the newest statements of a publisher, the oldest of them first. */
export const rotationStatement = {
  /** @param at when, ISO 8601 in UTC */
  make(publisher: string, oldKey: KeyObject, newKey: string, at: string): RotationStatement {
    const facts = { publisher, oldKey: publicKey.text(oldKey), newKey, at };
    if (facts.oldKey === newKey) throw new MagFlockError('MF667', 'The new key is the old one.');
    publicKey.parse(newKey);
    return { ...facts, signature: sign(null, messageOf(facts), oldKey).toString('base64') };
  },

  /** Whether the old key signed it. */
  isGenuine(statement: RotationStatement): boolean {
    try {
      const key = publicKey.parse(statement.oldKey);
      publicKey.parse(statement.newKey);
      return verify(null, messageOf(statement), key, Buffer.from(statement.signature, 'base64'));
    } catch {
      return false;
    }
  },

  /** @throws MF667 when it is not such a file; whether the statements are genuine is asked one by one */
  parse(text: string): readonly RotationStatement[] {
    let value: unknown;
    try {
      value = parseStrictJson(text);
    } catch (cause) {
      throw new MagFlockError('MF667', `magflock.rotation.json cannot be read: ${(cause as Error).message}.`);
    }
    const misfit = firstMisfit(shape, value);
    if (misfit !== undefined) {
      throw new MagFlockError(
        'MF667',
        `magflock.rotation.json is invalid: ${misfit.field} ${misfit.problem}.`,
      );
    }
    return (value as { readonly statements: readonly RotationStatement[] }).statements;
  },

  text(statements: readonly RotationStatement[]): string {
    return `${JSON.stringify({ format: 1, statements: statements.slice(-maxStatements) }, null, 2)}\n`;
  },
} as const;

function messageOf({ publisher, oldKey, newKey, at }: Omit<RotationStatement, 'signature'>): Buffer {
  return Buffer.from(`${domain}${canonicalJson({ publisher, oldKey, newKey, at })}`);
}
