import { type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import { firstMisfit, type Shape } from './first-misfit.ts';
import { manifestPatterns } from './manifest-patterns.ts';
import type { OpenedPackage } from './opened-package.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { publicKey } from './public-key.ts';

/** `magflock.sig.json`. */
export interface PackageSignature {
  readonly format: 1;
  readonly publisher: string;
  readonly key: string;
  /** SHA-256 of each signed file, only to say which one was altered: the signature is over the files there are. */
  readonly files: Readonly<Record<string, string>>;
  /** Base64, over the canonical document of the package. */
  readonly signature: string;
}

/** Keeps a signature for one purpose from being shown for another. */
const domain = 'magflock package v1\0';

const shape: Shape = {
  type: 'object',
  properties: {
    format: { type: 'integer', minimum: 1, maximum: 1 },
    publisher: { type: 'string', pattern: manifestPatterns.publisher, maxLength: 50 },
    key: { type: 'string', pattern: publicKey.pattern, maxLength: 60 },
    files: {
      type: 'object',
      propertyNames: { pattern: manifestPatterns.text, maxLength: 200 },
      additionalProperties: { type: 'string', pattern: '^[0-9a-f]{64}$', maxLength: 64 },
      maxProperties: 1000,
    },
    signature: { type: 'string', pattern: '^[A-Za-z0-9+/]{86}==$', maxLength: 88 },
  },
  required: ['format', 'publisher', 'key', 'files', 'signature'],
  additionalProperties: false,
};

/** An Ed25519 (RFC 8032) signature over the canonical document: manifest and SHA-256 of every file. */
export const packageSignature = {
  make({ document, manifest }: OpenedPackage, key: KeyObject): string {
    const signature: PackageSignature = {
      format: 1,
      publisher: manifest.id.slice(0, manifest.id.indexOf('.')),
      key: publicKey.text(key),
      files: (JSON.parse(document) as Pick<PackageSignature, 'files'>).files,
      signature: sign(null, messageOf(document), key).toString('base64'),
    };
    return canonicalJson(signature);
  },

  /** Undefined when it is not one. */
  parse(bytes: Uint8Array): PackageSignature | undefined {
    try {
      const value = parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      return firstMisfit(shape, value) === undefined ? (value as PackageSignature) : undefined;
    } catch {
      return undefined;
    }
  },

  isGenuine({ document }: OpenedPackage, { key, signature }: PackageSignature): boolean {
    try {
      return verify(null, messageOf(document), publicKey.parse(key), Buffer.from(signature, 'base64'));
    } catch {
      return false;
    }
  },
} as const;

function messageOf(document: string): Buffer {
  return Buffer.from(`${domain}${document}`);
}
