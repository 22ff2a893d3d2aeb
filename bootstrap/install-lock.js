import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const heartbeatMs = 1000;
const staleAfterMs = 15_000;

/**
 * Runs `work` while holding the checkout's install lock, so that `npm start` and `npm test` in two
 * terminals do not both rewrite `node_modules`. The holder touches the file every second; one that was
 * killed is noticed by its dead process or by the missing touch.
 * @template T
 * @param {string} root
 * @param {() => Promise<T>} work
 * @param {() => void} onWait called once when another process holds the lock
 * @returns {Promise<T>}
 */
export async function withInstallLock(root, work, onWait) {
  const file = join(root, '.cache', 'install.lock');
  mkdirSync(join(root, '.cache'), { recursive: true });
  let waited = false;
  while (!tryTake(file)) {
    if (!waited) onWait();
    waited = true;
    removeIfStale(file);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const beat = setInterval(() => touch(file), heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(file, { force: true });
  }
}

function tryTake(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function removeIfStale(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    const age = Date.now() - statSync(file).mtimeMs;
    if (age < staleAfterMs && (pid === 0 || isAlive(pid))) return;
    // Rename first: of two waiters only one moves this very file away.
    const grave = `${file}.${process.pid}`;
    renameSync(file, grave);
    rmSync(grave, { force: true });
  } catch {
    // Gone meanwhile: the next try takes it.
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // Removed by hand: nothing to keep alive.
  }
}
