import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { OpenedPackage } from './opened-package.ts';
import { packageLimits } from './package-limits.ts';
import { packageRefused } from './package-refused.ts';
import { readBoundedFile } from './read-bounded-file.ts';

/**
 * Writes the files of a package to a folder that does not exist yet, each 0600 in folders 0700, everything on the
 * disk before the folder gets its name: after a power cut it is there whole or not at all.
 * @param folder absolute path; its parent exists
 * @throws MF666 when the folder is there, or the disk gives back other bytes than those verified
 */
export function unpack(opened: OpenedPackage, folder: string): void {
  if (existsSync(folder)) throw packageRefused(`the folder ${folder} is there already`);
  const draft = `${folder}.new-${randomBytes(8).toString('hex')}`;
  mkdirSync(draft, { mode: 0o700 });
  try {
    const folders = new Set<string>([draft]);
    for (const [path, bytes] of opened.files) {
      const file = join(draft, path);
      const parent = dirname(file);
      mkdirSync(parent, { recursive: true, mode: 0o700 });
      for (let one = parent; one !== draft; one = dirname(one)) folders.add(one);
      writeNew(file, bytes);
    }
    assertWritten(opened, draft);
    for (const one of folders) syncFolder(one);
    renameSync(draft, folder);
    syncFolder(dirname(folder));
  } catch (thrown) {
    rmSync(draft, { recursive: true, force: true });
    throw thrown;
  }
}

function writeNew(file: string, bytes: Uint8Array): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const descriptor = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Exactly the files of the package, with exactly their bytes. */
function assertWritten({ files }: OpenedPackage, folder: string): void {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => !entry.isDirectory(),
  );
  if (found.length !== files.size) throw packageRefused(`${folder} was changed while it was written`);
  for (const [path, bytes] of files) {
    if (!readBoundedFile(join(folder, path), packageLimits.file).equals(bytes)) {
      throw packageRefused(`${path} was changed while it was written`);
    }
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
