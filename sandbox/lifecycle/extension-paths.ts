import { join } from 'node:path';

/** Where the extensions of a machine lie; the only place that knows the names. */
export function extensionPaths(dataDir: string) {
  const root = join(dataDir, 'extensions');
  return {
    root,
    /** The lock file: what is installed, with its grants and states. It decides. */
    lock: join(root, 'extensions.lock.json'),
    /** Operations that are under way, for whoever comes after a power cut. */
    journal: join(root, 'journal.json'),
    packages: join(root, 'packages'),
    installed: join(root, 'installed'),
    /** Packages on their way in and out: nothing in it outlives a start. */
    staging: join(root, 'staging'),
    packageOf: (sha256: string) => join(root, 'packages', `${sha256}.magx`),
    /** Of one unpacked version. */
    folderOf: (id: string, version: string, sha256: string) =>
      join(root, 'installed', id, `${version}-${sha256.slice(0, 8)}`),
    /** What an extension wrote with its capability `files`. */
    filesOf: (id: string) => join(root, 'files', id),
  } as const;
}

export type ExtensionPaths = ReturnType<typeof extensionPaths>;
