import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPinnedNode } from './find-node.js';

const marker = (root) => join(root, 'node_modules', '.magflock-installed');

/**
 * Whether `node_modules` is what package-lock.json says: by our own marker, or, after an `npm install`
 * by hand, by npm's record of what it installed.
 * @param {string} root
 * @returns {'fresh' | 'missing' | 'stale'}
 */
export function installState(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'missing';
  if (findPinnedNode(root) === undefined) return 'stale';
  const wanted = fingerprint(root);
  if (readText(marker(root)) === wanted) return 'fresh';
  if (!matchesHiddenLockfile(root)) return 'stale';
  markInstalled(root);
  return 'fresh';
}

/** @param {string} root */
export function markInstalled(root) {
  try {
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    writeFileSync(marker(root), fingerprint(root));
  } catch {
    // A folder of somebody else that we may only read: the comparison is made again next time.
  }
}

function fingerprint(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

function matchesHiddenLockfile(root) {
  const hidden = readText(join(root, 'node_modules', '.package-lock.json'));
  if (hidden === undefined) return false;
  const installed = JSON.parse(hidden).packages ?? {};
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {};
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = installed[path];
    if (found === undefined) {
      // Packages for other platforms are in the lockfile only.
      if (entry.optional === true || entry.devOptional === true) continue;
      return false;
    }
    if (found.version !== entry.version || found.integrity !== entry.integrity) return false;
  }
  return Object.keys(installed).every((path) => wanted[path] !== undefined);
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
