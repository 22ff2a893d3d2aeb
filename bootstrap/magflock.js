#!/usr/bin/env node
// The commands `magflock` and `mobo`. In a checkout they run the TypeScript under the pinned Node; an
// installed package runs its compiled `dist/`. Plain JavaScript, so that an old Node can say what to do.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './ensure-installed.js';
import { findNode, findPinnedNode } from './find-node.js';
import { isCheckout } from './is-checkout.js';
import { launch } from './launch.js';
import { nodeFlags } from './node-flags.js';
import { nodeTooOld } from './node-too-old.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function main(args) {
  const checkout = isCheckout(root);
  // A running daemon uses node_modules: only what starts one may bring it up to date.
  if (checkout && (args[0] === 'start' || findPinnedNode(root) === undefined)) {
    try {
      await ensureInstalled(root);
    } catch (error) {
      process.stderr.write(`error: ${error.message}\n`);
      return 2;
    }
  }
  const node = findNode(root);
  if (node === undefined) return nodeTooOld(root);
  const main = checkout ? ['runtime', 'cli', 'main.ts'] : ['dist', 'runtime', 'cli', 'main.js'];
  return launch(root, node, [...nodeFlags, join(root, ...main), ...args]);
}

process.exitCode = await main(process.argv.slice(2));
