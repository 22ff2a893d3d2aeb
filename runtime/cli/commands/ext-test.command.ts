import { resolve } from 'node:path';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Command } from '../command.ts';
import { linkSdk } from '../extension/link-sdk.ts';
import { writeManifestTypes } from '../extension/write-manifest-types.ts';

export const extTestCommand = {
  name: 'ext test',
  group: 'extensions',
  summary: 'bundle an extension and run its tests in a real isolate, with fake capabilities',
  description:
    'Every *.test.ts (or .js) below the folder runs under the Node that MagFlock brings, with node:test and\n' +
    '@magflock/sdk/testing. No daemon and no npm install are needed. Exit code 4 when a test fails.',
  arguments: [{ name: 'folder', summary: 'of the extension (default: this one)', required: false }],
  examples: [
    { command: 'magflock ext test', does: 'the tests of the extension in this folder' },
    { command: 'magflock ext test ./hello --json', does: 'one document with every test, for a program' },
  ],
  async run({ args, output, signal }) {
    const { readManifest } = await import('../../../sandbox/package/read-manifest.ts');
    const { bundle } = await import('../../../sandbox/package/bundle.ts');
    const { runExtensionTests, testFiles } = await import('../extension/run-extension-tests.ts');
    const folder = resolve(args['folder'] ?? '.');
    const { manifest } = readManifest(folder);
    writeManifestTypes(folder);
    linkSdk(folder);
    // What does not compile is said once, in front, and not by every test.
    const { warnings } = await bundle({ folder, main: manifest.main });
    for (const warning of warnings) output.warn(warning);
    const files = testFiles(folder);
    if (files.length === 0) {
      throw new MagFlockError('MF805', 'there are no tests', {
        details: { where: folder },
        fix: 'write one in index.test.ts; magflock ext new shows how it looks',
      });
    }
    const show = output.json || output.quiet ? undefined : output.stdout;
    const results = await runExtensionTests(folder, files, { show, signal });
    const failed = results.filter(({ passed }) => !passed);
    if (output.json) {
      output.document({
        id: manifest.id,
        passed: results.length - failed.length,
        failed: failed.length,
        tests: results,
      });
    }
    return failed.length === 0 ? 0 : 4;
  },
} satisfies Command;
