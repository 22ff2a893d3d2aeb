import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { leftOut } from './left-out.ts';

const largest = 4_000_000;
const mostFiles = 60_000;

/** Files left out so far, by reason. */
export const filesLeftOut: Map<string, number> = new Map();

/**
 * Files below folders, in an order that depends on nothing but their paths and mixes the folders.
 * @param roots folders; those that are not there hold nothing
 * @param wanted the whole path
 */
export function findFiles(roots: readonly string[], wanted: RegExp): string[] {
  const found: string[] = [];
  for (const root of roots) walk(root, wanted, found);
  return found
    .map((path) => ({ path, rank: rankOf(path) }))
    .sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}

/** What is in a folder; many kinds of text look into the same ones. */
const listed = new Map<string, readonly Dirent[]>();

function list(folder: string): readonly Dirent[] {
  let entries = listed.get(folder);
  if (entries === undefined) {
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      entries = [];
    }
    listed.set(folder, entries);
  }
  return entries;
}

function walk(folder: string, wanted: RegExp, found: string[]): void {
  for (const entry of list(folder)) {
    if (found.length >= mostFiles) return;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, wanted, found);
    else if (entry.isFile() && wanted.test(path) && isTaken(path) && statSync(path).size <= largest)
      found.push(path);
  }
}

function isTaken(path: string): boolean {
  const reason = leftOut.find((one) => one.path.test(path));
  if (reason !== undefined) filesLeftOut.set(reason.what, (filesLeftOut.get(reason.what) ?? 0) + 1);
  return reason === undefined;
}

/** FNV-1a. */
function rankOf(path: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < path.length; at += 1) hash = Math.imul(hash ^ path.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
