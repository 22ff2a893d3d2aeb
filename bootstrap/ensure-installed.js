import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { findNodeInstaller, findPinnedNode } from './find-node.js';
import { withInstallLock } from './install-lock.js';
import { installState, markInstalled } from './install-state.js';
import { run } from './launch.js';

/**
 * Makes sure that the checkout's dependencies are installed as package-lock.json says; does nothing,
 * without network, when they are. Talks on stderr only, since stdout belongs to the program that follows.
 * @param {string} root
 * @returns {Promise<void>}
 * @throws {Error} when npm fails, with what to do
 */
export async function ensureInstalled(root) {
  if (installState(root) === 'fresh') return;
  await withInstallLock(
    root,
    () => install(root),
    () => talk('another process is installing; waiting for it …'),
  );
}

async function install(root) {
  // The process we waited for may have done it.
  const state = installState(root);
  if (state === 'fresh') return;
  const started = Date.now();
  talk(
    state === 'missing'
      ? 'installing dependencies from package-lock.json (first time only) …'
      : 'dependencies are out of date; installing from package-lock.json …',
  );
  const path = pathWithoutOwnModules(root);
  const [file, ...before] = npmCommand(path);
  // onnxruntime-node would fetch libraries for graphics cards from elsewhere than the npm registry.
  const env = { ...process.env, PATH: path, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const args = [...before, 'ci', '--include=dev', '--prefer-offline', '--no-audit', '--no-fund'];
  // Warnings about engines are meant for the Node of the host, which does not run any of this.
  args.push('--loglevel=error');
  const heartbeat = setInterval(() => talk(`still installing (${seconds(started)}) …`), 10_000);
  const code = await run(file, args, { cwd: root, env, stdio: ['ignore', 2, 2] })
    .catch((error) => {
      throw new Error(`npm could not be started (${error.message}); install npm 10 or newer`);
    })
    .finally(() => clearInterval(heartbeat));
  if (code !== 0) {
    throw new Error(
      `npm ci ended with code ${code}; its output above says why (the first install needs the npm registry)`,
    );
  }
  if (findPinnedNode(root) === undefined) await setUpNode(root, env);
  markInstalled(root);
  talk(`dependencies installed in ${seconds(started)}`);
}

/** npm was told to skip install scripts: the one that fetches the pinned Node is run by ourselves. */
async function setUpNode(root, env) {
  const script = findNodeInstaller(root);
  if (script === undefined) return;
  talk('setting up the pinned Node …');
  const code = await run(process.execPath, [script], { cwd: dirname(script), env, stdio: ['ignore', 2, 2] });
  if (code !== 0) throw new Error('the pinned Node could not be installed; install Node 24 yourself');
}

/**
 * npm puts `node_modules/.bin`, and with it the pinned Node, first on PATH. npm ci deletes that folder,
 * so npm itself must run on the Node of the host.
 */
function pathWithoutOwnModules(root) {
  const own = resolve(root, 'node_modules');
  const parts = (process.env.PATH ?? '').split(delimiter);
  return parts.filter((part) => part !== '' && !resolve(part).startsWith(own)).join(delimiter);
}

/** The npm that called us, else the one on PATH. */
function npmCommand(path) {
  const caller = process.env.npm_execpath;
  if (caller === undefined || !caller.endsWith('npm-cli.js') || !existsSync(caller)) return ['npm'];
  const node = path
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((file) => existsSync(file));
  return [node ?? process.execPath, caller];
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(0)} s`;
}

function talk(text) {
  process.stderr.write(`magflock: ${text}\n`);
}
