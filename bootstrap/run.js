#!/usr/bin/env node
// The npm scripts: `node bootstrap/run.js start|test|check|bench|soak|conformance|format|build …args`. Plain JavaScript
// without dependencies, because the Node of the host may be too old for everything else.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.js';
import { findNode } from './find-node.js';
import { launch, run, withCompileCache } from './launch.js';
import { nodeFlags } from './node-flags.js';
import { nodeTooOld } from './node-too-old.js';
import { runTests } from './run-tests.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tool = (...parts) => join(root, 'node_modules', ...parts);
const biome = tool('@biomejs', 'biome', 'bin', 'biome');
const tsc = tool('typescript', 'bin', 'tsc');

/** Arguments of mocha for these: files that are named run by themselves, the configuration would add all others. */
function mochaArgs(args) {
  if (!args.some((arg) => arg.endsWith('.ts'))) return args;
  const required = ['leak-guard', 'failed-files'].flatMap((name) => [
    '--require',
    `./test/support/${name}.ts`,
  ]);
  return ['--no-config', '--timeout', '20000', '--slow', '2000', ...required, ...args];
}

/** Task name to the programs it runs, each under the pinned Node; `args` are the user's. */
const tasks = {
  start: (args) => [[...nodeFlags, join(root, 'runtime', 'cli', 'main.ts'), 'start', ...args]],
  test: (args) => [[...nodeFlags, tool('mocha', 'bin', 'mocha.js'), ...mochaArgs(args)]],
  check: () => [
    [tsc, '--noEmit'],
    [biome, 'check', '.'],
  ],
  bench: (args) => [[...nodeFlags, join(root, 'bench', 'run-benches.ts'), ...args]],
  soak: (args) => [[...nodeFlags, join(root, 'test', 'soak', 'soak.ts'), ...args]],
  conformance: (args) => {
    const clients = args[0] === 'clients';
    const file = join(root, 'test', 'conformance', clients ? 'conformance-clients.ts' : 'conformance.ts');
    return [[...nodeFlags, file, ...(clients ? args.slice(1) : args)]];
  },
  format: () => [[biome, 'check', '--write', '.']],
  build: () => [[join(root, 'bootstrap', 'build.js')]],
};

async function main([task = '', ...args]) {
  const programs = tasks[task]?.(args);
  if (programs === undefined) {
    process.stderr.write(`error: unknown task "${task}"; known are ${Object.keys(tasks).join(', ')}\n`);
    return 2;
  }
  try {
    await ensureInstalled(root);
  } catch (error) {
    process.stderr.write(`error: ${error.message}\n`);
    return 2;
  }
  const node = findNode(root);
  if (node === undefined) return nodeTooOld(root);
  // The user's folder stays the working folder for `start`; tools look at the repository.
  if (task !== 'start') process.chdir(root);
  if (task === 'test' && args.length === 0) {
    const argsOf = (files) => [...nodeFlags, tool('mocha', 'bin', 'mocha.js'), ...mochaArgs(files)];
    return runTests(root, node, argsOf, withCompileCache(root));
  }
  const [only] = programs;
  if (programs.length === 1) return launch(root, node, only);
  let worst = 0;
  for (const program of programs) {
    worst = Math.max(worst, await run(node, program, { env: withCompileCache(root) }));
  }
  return worst;
}

process.exitCode = await main(process.argv.slice(2));
