import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestTypes } from './manifest-types.ts';

/**
 * Brings `magflock.extension.d.json.ts` of an extension's folder up to date. Does nothing where the manifest is not
 * a JSON file, or no JSON yet: the manifest has its own errors.
 */
export function writeManifestTypes(folder: string): void {
  const source = join(folder, 'magflock.extension.json');
  if (!existsSync(source)) return;
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(source, 'utf8'));
  } catch {
    return;
  }
  const file = join(folder, 'magflock.extension.d.json.ts');
  const text = manifestTypes(manifest);
  // An unchanged file is left alone: programs that watch it would run again.
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}
