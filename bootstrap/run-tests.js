import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose tests start whole machines, servers and other processes. Their lane runs one file after the other. */
const machines = [
  'bios',
  'bootstrap',
  'cli',
  'extensions',
  'faults',
  'sandbox',
  'sandbox-escape',
  'spec',
  'supervision',
];
const noTests = ['gate', 'soak', 'support'];

/**
 * Runs all tests in two processes beside each other: one mostly waits for processes, the other mostly computes. What the
 * first says is shown as it comes, what the second says after it.
 * @param {string} root folder of the repository
 * @param {string} node path of the Node executable
 * @param {(files: string[]) => string[]} argsOf arguments of Node that run mocha on these globs
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} exit code: 0 when every test passed
 */
export async function runTests(root, node, argsOf, env) {
  const folders = readdirSync(join(root, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !noTests.includes(entry.name))
    .map(({ name }) => name);
  const others = folders.filter((name) => !machines.includes(name));
  const list = env.MAGFLOCK_TEST_FAILED;
  const lists = list === undefined ? [] : [`${list}.1`, `${list}.2`];
  const lanes = [machines, others].map((names, index) => ({
    args: argsOf(names.map((name) => `test/${name}/**/*.test.ts`)),
    env: {
      ...env,
      ...(process.stdout.isTTY && env.NO_COLOR === undefined ? { FORCE_COLOR: '1' } : {}),
      ...(list === undefined ? {} : { MAGFLOCK_TEST_FAILED: lists[index] }),
    },
  }));
  const [first, second] = lanes.map(({ args, env: own }) => start(node, args, own));
  first.show();
  const codes = [await first.ended];
  process.stdout.write(`\n── the other half: ${others.join(', ')}\n`);
  second.show();
  codes.push(await second.ended);
  if (list !== undefined) {
    const failed = lists.flatMap((file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []));
    writeFileSync(list, JSON.stringify(failed));
    for (const file of lists) rmSync(file, { force: true });
  }
  const sum = (word) => first.count(word) + second.count(word);
  process.stdout.write(
    `in all: ${sum('passing')} passed, ${sum('failing')} failed, ${sum('pending')} skipped\n`,
  );
  return Math.max(...codes);
}

/** Starts a process whose output is kept until somebody wants it, and is passed on from then. */
function start(node, args, env) {
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  let kept = [];
  let said = '';
  const take = (stream) => (chunk) => {
    said = (said + chunk).slice(-65_536);
    if (kept === undefined) stream.write(chunk);
    else kept.push([stream, chunk]);
  };
  child.stdout.on('data', take(process.stdout));
  child.stderr.on('data', take(process.stderr));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 1);
    });
  });
  return {
    ended,
    show() {
      for (const [stream, chunk] of kept ?? []) stream.write(chunk);
      kept = undefined;
    },
    /** The last number that mocha's summary gives for a word: `6180 passing`. */
    count(word) {
      const plain = said.replace(/\u001b\[\d+m/g, '');
      return Number([...plain.matchAll(new RegExp(`^ *(\\d+) ${word}`, 'gm'))].at(-1)?.[1] ?? 0);
    },
  };
}
