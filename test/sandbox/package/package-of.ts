import { canonicalJson } from '../../../sandbox/package/canonical-json.ts';
import { encodePackage } from '../../../sandbox/package/encode-package.ts';
import { openPackage } from '../../../sandbox/package/open-package.ts';
import type { OpenedPackage } from '../../../sandbox/package/opened-package.ts';

/** A manifest that nothing is wrong with. */
export const plainManifest = {
  id: 'acme.hello',
  name: 'hello',
  version: '1.0.0',
  description: 'Says hello.',
  requiredComponents: [],
  permissions: [{ capability: 'http.route', scope: ['*'], reason: 'It answers.' }],
  routes: [{ method: 'GET', path: '/hello/:who' }],
} as const;

/** A package with the files given, besides manifest and code. */
export function packageOf(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  manifest: object = plainManifest,
): OpenedPackage {
  return openPackage(packageBytes(files, manifest));
}

export function packageBytes(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  manifest: object = plainManifest,
): Buffer {
  const all = {
    'magflock.extension.json': canonicalJson(manifest),
    'extension.js': 'export default {};\n',
    ...files,
  };
  return encodePackage(
    Object.entries(all).map(([path, content]) => ({ path, bytes: Buffer.from(content as string) })),
  );
}
