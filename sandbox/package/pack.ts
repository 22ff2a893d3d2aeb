import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { bundle } from './bundle.ts';
import { canonicalJson } from './canonical-json.ts';
import { encodePackage } from './encode-package.ts';
import { openPackage } from './open-package.ts';
import type { OpenedPackage } from './opened-package.ts';
import type { PackageEntry } from './package-entry.ts';
import { packageLimits } from './package-limits.ts';
import { readBoundedFile } from './read-bounded-file.ts';
import { readManifest } from './read-manifest.ts';

export interface PackedPackage {
  /** The `.magx` file. */
  readonly bytes: Buffer;
  /** The same, read back. */
  readonly opened: OpenedPackage;
  /** Of the bundler. */
  readonly warnings: readonly string[];
}

/**
 * Makes a package, not signed, of a source folder. The same sources and the same MagFlock give the same bytes:
 * no time, no owner, no path of this machine is in it.
 * @param options.version in place of the manifest's, for `ext dev`
 * @throws MF620 for the manifest, MF660 for the code, MF666 for files that no package may hold
 */
export async function pack(
  source: string,
  options: { readonly version?: string } = {},
): Promise<PackedPackage> {
  const folder = resolve(source);
  const manifest = { ...readManifest(folder).manifest, ...options };
  const { code, warnings } = await bundle({ folder, main: manifest.main });
  const entries: PackageEntry[] = [
    { path: 'magflock.extension.json', bytes: Buffer.from(canonicalJson(manifest)) },
    { path: 'extension.js', bytes: Buffer.from(code) },
  ];
  for (const path of manifest.migrations ?? []) entries.push(migration(folder, path));
  for (const path of ['README.md', 'magflock.rotation.json']) {
    if (existsSync(join(folder, path))) entries.push(fileOf(folder, path));
  }
  entries.push(...assets(folder, 'assets'));
  const bytes = encodePackage(entries);
  return { bytes, opened: openPackage(bytes), warnings };
}

function migration(folder: string, path: string): PackageEntry {
  if (!existsSync(join(folder, path))) {
    throw new MagFlockError('MF620', `The manifest names ${path}, which is not in ${folder}.`, {
      fix: 'Write the file, or take it out of migrations.',
      details: { field: 'migrations' },
    });
  }
  const entry = fileOf(folder, path);
  const text = Buffer.from(entry.bytes).toString();
  for (const mark of ['-- UP', '-- DOWN']) {
    if (!text.split(/\r?\n/).some((line) => line.trim() === mark)) {
      throw new MagFlockError('MF620', `${path} has no line "${mark}".`, {
        fix: 'A migration has a part "-- UP" and a part "-- DOWN" that takes it back.',
        details: { field: 'migrations' },
      });
    }
  }
  return entry;
}

function assets(folder: string, below: string): readonly PackageEntry[] {
  const path = join(folder, below);
  if (!existsSync(path)) return [];
  if (!lstatSync(path).isDirectory()) throw new MagFlockError('MF666', `${path} is not a folder.`);
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== '.DS_Store' && name !== '.gitkeep')
    .flatMap((entry) => {
      const inner = `${below}/${entry.name}`;
      return entry.isDirectory() ? assets(folder, inner) : [fileOf(folder, inner)];
    });
}

/** Links are refused: what they point to is not of this folder, and differs from machine to machine. */
function fileOf(folder: string, path: string): PackageEntry {
  return {
    path: path.normalize('NFC'),
    bytes: readBoundedFile(join(folder, path), packageLimits.file),
  };
}
