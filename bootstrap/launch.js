import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { modulesFolder } from './find-node.js';

/**
 * Runs Node with these arguments in place of this process. Where the running Node can replace itself
 * (`process.execve`, POSIX) nothing stays behind; elsewhere a child is started that shares stdin, stdout
 * and stderr, gets our signals, and whose exit code becomes ours.
 * @param {string} root folder that holds package.json of MagFlock
 * @param {string} node path of the Node executable
 * @param {string[]} args flags, script and its arguments
 * @returns {Promise<number>} exit code, when a child was needed
 */
export function launch(root, node, args) {
  const env = withCompileCache(root);
  if (typeof process.execve === 'function') {
    // execve is experimental in Node 24; its warning belongs to us, not to the program we become.
    process.removeAllListeners('warning');
    process.execve(node, [node, ...args], env);
  }
  return run(node, args, { env });
}

/**
 * Starts a child that shares our terminal and waits for its end.
 * @param {string} file
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit code; 128 + n when signal n ended it
 */
export function run(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit', ...options });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    // A terminal sends Ctrl-C to the whole group, so the child may get it twice; it must not take the
    // echo for a second Ctrl-C. `kill` of this process alone reaches the child only through here.
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + (signalNumbers[signal] ?? 0));
    });
  });
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/**
 * Environment with a place for V8's code cache, which makes every start after the first faster.
 * @param {string} root
 */
export function withCompileCache(root) {
  if (process.env.NODE_COMPILE_CACHE !== undefined) return process.env;
  const folder = join(modulesFolder(root), '.cache', 'magflock-compile');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return { ...process.env, NODE_COMPILE_CACHE: folder };
  } catch {
    return process.env;
  }
}
