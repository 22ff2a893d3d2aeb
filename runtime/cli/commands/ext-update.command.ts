import { resolve } from 'node:path';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ExtensionInfo, PackageReview } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { approve } from '../extension/approve.ts';
import { demandPackage } from '../extension/demand-package.ts';
import { extensionPath } from '../extension/extension-path.ts';
import { installationFlags } from '../extension/installation-flags.ts';
import { readSettings } from '../extension/read-settings.ts';
import { safeText } from '../extension/safe-text.ts';
import { showReview } from '../extension/show-review.ts';
import { whileWaiting } from '../extension/while-waiting.ts';

export const extUpdateCommand = {
  name: 'ext update',
  group: 'extensions',
  summary: 'put a newer version in the place of an extension without losing a request',
  description:
    'When it asks for more than it has, the new version waits and the old one goes on, until ext accept or ext refuse;\n' +
    'with --approve or --yes it takes over at once. When the new version fails, the old one goes on.\n' +
    'The package that is installed, given again, changes the configuration (--set) or adds a project (--project).',
  arguments: [{ name: 'file', summary: 'the package, a .magx', required: true }],
  flags: installationFlags,
  examples: [
    { command: 'magflock ext update hello-1.1.0.magx', does: 'takes over, or waits for ext accept' },
    { command: 'magflock ext update hello-1.1.0.magx --approve approve.json', does: 'takes over' },
  ],
  async run(context) {
    const { args, daemon, flags, output } = context;
    const file = resolve(args['file']!);
    const config = readSettings(flags.value('set'));
    const added = flags.value('project');
    const client = await daemon();
    const review = await whileWaiting(
      output,
      'reading the package',
      client.ask<PackageReview>('POST', '/extensions/review', { file }),
    );
    if (!output.json) for (const line of showReview(review, output)) output.talk(line);
    demandPackage(review, flags);
    if (review.installed === null) {
      throw new MagFlockError('MF665', `${safeText(review.id)} is not installed`, {
        fix: `magflock ext install ${args['file']}`,
      });
    }
    const decided = flags.has('approve') || flags.has('yes');
    const grants = decided ? await approve(context, review.added, review.sha256) : [];
    let info = await whileWaiting(
      output,
      `updating ${safeText(review.name)}`,
      client.ask<ExtensionInfo>('POST', '/extensions/update', {
        file,
        projects: added === undefined ? [] : [added],
        ...(config === undefined ? {} : { config }),
        ...(flags.has('allow-unsigned') ? { allowUnsigned: true } : {}),
      }),
    );
    if (decided && info.staged !== null) {
      info = await whileWaiting(
        output,
        `updating ${safeText(review.name)}`,
        client.ask<ExtensionInfo>('POST', extensionPath(info.id, '/decide'), { accept: true, grants }),
      );
    }
    if (output.json) output.document(info);
    else if (info.staged === null) output.talk(`${info.name} is ${info.version} now`);
    else {
      output.talk(
        `${info.name} ${info.staged.version} asks for more and waits; ${info.version} goes on.\n` +
          `magflock ext accept ${info.name} puts it in place, magflock ext refuse ${info.name} drops it`,
      );
    }
    return undefined;
  },
} satisfies Command;
