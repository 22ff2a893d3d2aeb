import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Command } from '../command.ts';
import { initialFiles } from '../initial-files.ts';

export const initCommand = {
  name: 'init',
  group: 'machine',
  summary: 'make a folder to start in: settings, a first table, what git ignores',
  arguments: [{ name: 'name', summary: 'name of the new folder', required: true }],
  examples: [{ command: 'magflock init shop', does: 'then: cd shop && magflock start' }],
  async run({ args, output }) {
    const folder = resolve(args['name']!);
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      throw new MagFlockError('MF805', 'the folder exists and is not empty; nothing was written', {
        details: { where: folder },
        fix: 'choose another name, or start there as it is: magflock start needs no files',
      });
    }
    try {
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of Object.entries(initialFiles)) {
        writeFileSync(join(folder, name), text, { flag: 'wx' });
      }
    } catch (thrown) {
      throw new MagFlockError('MF805', 'the folder cannot be written', {
        details: { where: folder },
        fix: 'check its permissions',
        cause: thrown,
      });
    }
    if (output.json) output.document({ folder, files: Object.keys(initialFiles) });
    else {
      const shown = relative(process.cwd(), folder) || '.';
      output.talk(`made ${shown} with ${Object.keys(initialFiles).join(', ')}`);
      output.talk(
        `next:  cd ${shown}\n       magflock start\n       magflock import schema.sql    (in a second terminal)`,
      );
    }
    return undefined;
  },
} satisfies Command;
