import { existsSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { relative, resolve } from 'node:path';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Command } from '../command.ts';

const templates = ['route', 'hook', 'schedule'] as const;

export const extNewCommand = {
  name: 'ext new',
  group: 'extensions',
  summary: 'make the folder of a new extension, with code, tests and manifest that work',
  arguments: [
    { name: 'name', summary: 'its name: lower case, digits and dashes; also of the folder', required: true },
  ],
  flags: [
    {
      name: 'template',
      value: 'kind',
      summary: 'what it begins as (default route): a route, a hook on the data API, a scheduled task',
      choices: templates,
    },
    { name: 'publisher', value: 'name', summary: 'who publishes it: first part of its id (default: you)' },
  ],
  examples: [
    { command: 'magflock ext new hello', does: 'an extension with a route: magflock ext test hello' },
    { command: 'magflock ext new tidy --template hook --publisher acme', does: 'acme.tidy, a hook' },
    {
      command: 'magflock ext new report --template schedule --json',
      does: 'folder, id and files for a program',
    },
  ],
  async run({ args, flags, output }) {
    const { manifestPatterns } = await import('../../../sandbox/package/manifest-patterns.ts');
    const { copyTemplate } = await import('../extension/copy-template.ts');
    const name = args['name']!;
    assertWord('the name', name, manifestPatterns.name, 50);
    const publisher = flags.value('publisher') ?? ownName(manifestPatterns.publisher);
    assertWord('the publisher', publisher, manifestPatterns.publisher, 49);
    const folder = resolve(name);
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      throw new MagFlockError('MF805', 'the folder exists and is not empty; nothing was written', {
        details: { where: folder },
        fix: 'choose another name',
      });
    }
    const template = flags.value('template') ?? 'route';
    const files = writeIn(folder, () => copyTemplate({ template, folder, publisher, name }));
    if (output.json) {
      output.document({ id: `${publisher}.${name}`, folder, template, files });
      return undefined;
    }
    const shown = relative(process.cwd(), folder);
    output.talk(`made ${shown} (${publisher}.${name}) with ${files.join(', ')}`);
    output.talk(
      `next:  magflock ext test ${shown}\n       magflock ext dev ${shown}     (needs a running daemon)`,
    );
    return undefined;
  },
} satisfies Command;

function writeIn<T>(folder: string, write: () => T): T {
  try {
    return write();
  } catch (thrown) {
    throw new MagFlockError('MF805', 'the folder cannot be written', {
      details: { where: folder },
      fix: 'check its permissions',
      cause: thrown,
    });
  }
}

function assertWord(what: string, text: string, pattern: string, most: number): void {
  if (new RegExp(pattern).test(text) && text.length <= most) return;
  throw new MagFlockError('MF802', `${what} cannot be "${text}"`, {
    fix: `small letters, digits and single dashes, at most ${most}: hello, daily-digest`,
  });
}

/** The user's name where it can be one of a publisher. */
function ownName(pattern: string): string {
  const name = userInfo()
    .username.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return new RegExp(pattern).test(name) && name.length < 50 ? name : 'acme';
}
