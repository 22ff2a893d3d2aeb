import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import type { LockState } from '../lifecycle/lock-state.ts';
import type { Shape } from './first-misfit.ts';
import { manifestPatterns } from './manifest-patterns.ts';
import { manifestSchema } from './manifest-schema.ts';
import { readCheckedJson } from './read-checked-json.ts';
import { type DurableFiles, writeDurably } from './write-durably.ts';

const empty: LockState = { format: 1, extensions: [], staged: [], kept: [] };
const text = (maxLength: number): Shape => ({ type: 'string', minLength: 1, maxLength });
const choice = (...values: readonly string[]): Shape => ({ type: 'string', enum: values });
const list = (items: Shape, maxItems: number): Shape => ({ type: 'array', items, maxItems });
const closed = (properties: Readonly<Record<string, Shape>>, optional: readonly string[] = []): Shape => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const permission: Readonly<Record<string, Shape>> = {
  capability: text(50),
  scope: list(text(500), 1000),
  reason: { type: 'string', maxLength: 1000 },
  optional: { type: 'boolean' },
};
const hash: Shape = { type: 'string', pattern: '^[0-9a-f]{64}$', maxLength: 64 };
const id: Shape = { type: 'string', pattern: manifestPatterns.id, maxLength: 100 };
const version: Shape = { type: 'string', pattern: manifestPatterns.version, maxLength: 50 };
const projects = list(text(100), 100_000);
const config: Shape = {
  type: 'object',
  propertyNames: { pattern: manifestPatterns.setting, maxLength: 100 },
  additionalProperties: { type: ['string', 'number', 'boolean'] },
  maxProperties: 50,
};

const shape: Shape = closed({
  format: { type: 'integer', minimum: 1, maximum: 1 },
  extensions: list(
    closed({
      id,
      name: { type: 'string', pattern: manifestPatterns.name, maxLength: 50 },
      version,
      publisher: { type: 'string', pattern: manifestPatterns.publisher, maxLength: 50 },
      trust: choice('core', 'signed', 'unsigned'),
      signature: choice('core', 'signed', 'unsigned', 'modified', 'revoked'),
      sha256: hash,
      contents: hash,
      folder: text(4096),
      manifest: manifestSchema,
      grants: list(
        closed({ ...permission, grantedAt: text(40), expiresAt: text(40) }, ['optional', 'expiresAt']),
        1000,
      ),
      projects,
      config,
      wanted: choice('enabled', 'disabled', 'quarantined'),
      reason: { type: ['string', 'null'] },
      installedAt: text(40),
    }),
    10_000,
  ),
  staged: list(
    closed({
      id,
      version,
      sha256: hash,
      permissions: list(closed(permission, ['optional']), 100),
      projects,
      config,
      allowUnsigned: { type: 'boolean' },
      stagedAt: text(40),
    }),
    10_000,
  ),
  kept: list(closed({ id, projects }), 10_000),
});

/**
 * `extensions.lock.json`: what is installed on this machine and what the operator decided, with the text before in
 * `.bak`.
 */
export const lockFile = {
  /**
   * Empty before the first installation.
   * @param path of the file
   * @throws MF705 when it is damaged, saying how to repair it: nothing is run on a guess
   */
  read(path: string): LockState {
    const value = readCheckedJson(path, shape) as LockState | undefined;
    if (value !== undefined) assertConsistent(value, path);
    return value ?? empty;
  },

  /**
   * After this returns the disk has it; dying in the middle leaves what was there before.
   * @throws MF705 when the state contradicts itself; nothing is written then
   */
  write(path: string, state: LockState, files?: DurableFiles): void {
    assertConsistent(state, path);
    writeDurably(path, `${JSON.stringify(state, null, 2)}\n`, {
      backup: true,
      ...(files === undefined ? {} : { files }),
    });
  },
} as const;

function assertConsistent({ extensions, staged }: LockState, path: string): void {
  const faulty = (why: string): never => {
    throw new MagFlockError('MF705', `${path} is damaged: ${why}.`, {
      fix: `stop the daemon, look at ${path}.bak (the state one change earlier) and copy it to ${path}`,
    });
  };
  for (const field of ['id', 'name'] as const) {
    const seen = new Set<string>();
    for (const one of extensions) {
      if (seen.has(one[field])) faulty(`two extensions have the ${field} ${one[field]}`);
      seen.add(one[field]);
    }
  }
  for (const one of extensions) {
    if (!agrees(one, one.manifest)) faulty(`${one.id} ${one.version} has the manifest of another extension`);
  }
  const orphan = staged.find((update) => !extensions.some((one) => one.id === update.id));
  if (orphan !== undefined) faulty(`an update of ${orphan.id} waits, but that is not installed`);
}

function agrees(
  { id, version, publisher }: Pick<InstalledExtension, 'id' | 'version' | 'publisher'>,
  manifest: ExtensionManifest,
): boolean {
  return id === manifest.id && version === manifest.version && id.startsWith(`${publisher}.`);
}
