import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExtensionPaths } from './extension-paths.ts';
import { syncFolder } from './sync-folder.ts';

/** Puts the bytes of a package under their digest, on the disk before it answers. */
export async function storePackage(paths: ExtensionPaths, sha256: string, bytes: Uint8Array): Promise<void> {
  const draft = join(paths.staging, `${sha256}.magx`);
  const out = await open(draft, 'w', 0o600);
  try {
    await out.writeFile(bytes);
    await out.sync();
  } catch (thrown) {
    await rm(draft, { force: true });
    throw thrown;
  } finally {
    await out.close();
  }
  await rename(draft, paths.packageOf(sha256));
  await syncFolder(paths.packages);
}
