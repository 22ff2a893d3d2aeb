import type { ExtensionManifest } from '../../../runtime/protocol/extension-manifest.ts';
import type { Grant } from '../../../runtime/protocol/extensions.protocol.ts';
import type { InstalledExtension } from '../../../sandbox/lifecycle/installed-extension.ts';

/** An installed extension; its folder is the text of its code in these tests. */
export function installedExample(
  facts: Partial<Omit<InstalledExtension, 'manifest'>> & {
    readonly manifest?: Partial<ExtensionManifest>;
  } = {},
): InstalledExtension {
  const { manifest, ...rest } = facts;
  const id = rest.id ?? 'acme.hello';
  const name = rest.name ?? 'hello';
  const version = rest.version ?? '1.0.0';
  const permissions = manifest?.permissions ?? [];
  return {
    id,
    name,
    version,
    publisher: 'acme',
    trust: 'signed',
    signature: 'signed',
    sha256: 'a'.repeat(64),
    folder: `${name} ${version}`,
    grants: permissions.map((one): Grant => ({ ...one, grantedAt: '2026-01-01T00:00:00Z' })),
    projects: ['main'],
    config: {},
    wanted: 'enabled',
    reason: null,
    installedAt: '2026-01-01T00:00:00Z',
    ...rest,
    manifest: {
      id,
      name,
      version,
      description: 'An example.',
      requiredComponents: [],
      permissions,
      ...manifest,
    },
  };
}
