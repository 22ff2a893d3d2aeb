import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from '../command.ts';
import { writeOut } from '../extension/write-out.ts';
import { formatBytes } from '../format-bytes.ts';

export const extPackCommand = {
  name: 'ext pack',
  group: 'extensions',
  summary: 'make a package of an extension',
  description:
    'Bundles the code with its npm dependencies into one module and writes <name>-<version>.magx, not signed.\n' +
    'The same sources give the same bytes.',
  arguments: [{ name: 'folder', summary: 'of the extension (default: this one)', required: false }],
  flags: [{ name: 'out', value: 'file', summary: 'where to (default <name>-<version>.magx here)' }],
  examples: [
    { command: 'magflock ext pack', does: 'the extension in this folder' },
    { command: 'magflock ext pack ./hello --out hello.magx', does: 'another folder, another name' },
  ],
  async run({ args, flags, output }) {
    const { pack } = await import('../../../sandbox/package/pack.ts');
    const { bytes, opened, warnings } = await pack(resolve(args['folder'] ?? '.'));
    const { id, name, version } = opened.manifest;
    const file = resolve(flags.value('out') ?? `${name}-${version}.magx`);
    writeOut(file, () => writeFileSync(file, bytes));
    if (output.json) {
      const { sha256, digest } = opened;
      const files = [...opened.files].map(([path, content]) => ({ path, bytes: content.length }));
      output.document({ id, version, file, bytes: bytes.length, sha256, digest, files, warnings });
    } else {
      for (const warning of warnings) output.warn(warning);
      output.data(file);
      output.talk(`${id} ${version}: ${opened.files.size} files, ${formatBytes(bytes.length)}`);
      output.talk(`sign it: magflock ext sign ${file} --key <file>`);
    }
    return undefined;
  },
} satisfies Command;
