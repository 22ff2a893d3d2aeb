import { createHash } from 'node:crypto';
import { assertSafePath } from './assert-safe-path.ts';
import { canonicalJson } from './canonical-json.ts';
import { gzipFormat } from './gzip-format.ts';
import type { OpenedPackage } from './opened-package.ts';
import { packageLimits } from './package-limits.ts';
import { packageRefused } from './package-refused.ts';
import { parseManifest } from './parse-manifest.ts';
import { shownPath } from './shown-path.ts';
import { tarFormat } from './tar-format.ts';

/** Files that are about the package and not of it: they are made after the document. */
const outside = ['magflock.sig.json', 'magflock.rotation.json'];

/**
 * Reads a `.magx` without touching the disk.
 * @param bytes of the file; kept, not copied
 * @throws MF666 when it is no package as `packPackage` makes them, MF620 for its manifest
 */
export function openPackage(bytes: Buffer): OpenedPackage {
  const entries = tarFormat.read(gzipFormat.read(bytes));
  const files = new Map<string, Buffer>();
  const folded = new Map<string, string>();
  for (const { path, bytes: content } of entries) {
    assertSafePath(path);
    claim(folded, path, files);
    files.set(path, content as Buffer);
  }
  const manifestBytes = needed(files, 'magflock.extension.json');
  const manifest = parseManifest(manifestBytes, 'magflock.extension.json');
  if (canonicalJson(manifest) !== manifestBytes.toString()) {
    throw packageRefused('its manifest is not in canonical form');
  }
  assertMigrations(manifest.migrations ?? [], files);
  const document = canonicalJson({
    files: Object.fromEntries(
      [...files]
        .filter(([path]) => !outside.includes(path))
        .map(([path, content]) => [path, sha256(content)]),
    ),
    format: 1,
    manifest,
  });
  return {
    sha256: sha256(bytes),
    digest: sha256(document),
    manifest,
    files,
    document,
    code: codeOf(files),
  };
}

/**
 * A path takes its own name and those of its folders, compared as a file system without case does: `A` and `a`,
 * or a file `assets/a` and a file `assets/A/b`, would be one thing there.
 */
function claim(folded: Map<string, string>, path: string, files: ReadonlyMap<string, Buffer>): void {
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const own = parts.slice(0, length).join('/');
    // Upper and then lower: ß and SS, ſ and s fold together as well.
    const key = own.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
    const other = folded.get(key);
    const isFolder = length < parts.length;
    if (other !== undefined && (other !== own || !isFolder || files.has(own))) {
      throw packageRefused(`${shownPath(path)} and ${shownPath(other)} are one path on some systems`);
    }
    folded.set(key, own);
  }
}

function codeOf(files: ReadonlyMap<string, Buffer>): string {
  const code = needed(files, 'extension.js');
  if (code.length > packageLimits.code) {
    throw packageRefused(`extension.js has ${code.length} bytes; ${packageLimits.code} are allowed`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(code);
  } catch (cause) {
    throw packageRefused('extension.js is not UTF-8', cause);
  }
}

function assertMigrations(named: readonly string[], files: ReadonlyMap<string, Buffer>): void {
  for (const path of named) needed(files, path);
  const unnamed = [...files.keys()].find((path) => path.startsWith('migrations/') && !named.includes(path));
  if (unnamed !== undefined) throw packageRefused(`${unnamed} is not among the migrations of the manifest`);
}

function needed(files: ReadonlyMap<string, Buffer>, path: string): Buffer {
  const bytes = files.get(path);
  if (bytes === undefined) throw packageRefused(`it has no ${path}`);
  return bytes;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
