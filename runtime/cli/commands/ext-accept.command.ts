import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ExtensionInfo } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { actOnExtension } from '../extension/act-on-extension.ts';
import { approve } from '../extension/approve.ts';
import { extensionPath } from '../extension/extension-path.ts';
import { questionLine } from '../extension/show-review.ts';

export const extAcceptCommand = {
  name: 'ext accept',
  group: 'extensions',
  summary: 'put the version in place that waits, with the permissions it asks for besides',
  arguments: [{ name: 'name', summary: 'name or id of the extension', required: true }],
  flags: [{ name: 'approve', value: 'file', summary: 'JSON: the permissions that you approve, or a review' }],
  examples: [
    { command: 'magflock ext accept hello', does: 'shows what is new and asks' },
    { command: 'magflock ext accept hello --approve approve.json', does: 'for scripts' },
  ],
  async run(context) {
    const { args, daemon, output } = context;
    const client = await daemon();
    const info = await client.ask<ExtensionInfo>('GET', extensionPath(args['name']!));
    const { staged } = info;
    if (staged === null) {
      throw new MagFlockError('MF668', `no version of ${info.name} waits for a decision`, {
        fix: 'magflock ext list shows which wait; magflock ext update <file> brings a newer version',
      });
    }
    const { permissionQuestion } = await import('../../../sandbox/broker/permission-sentence.ts');
    const questions = staged.permissions.map((permission) => permissionQuestion(permission, info.manifest));
    if (!output.json) for (const question of questions) output.talk(questionLine(question, output));
    const grants = await approve(context, questions);
    return actOnExtension(
      context,
      'decide',
      { accept: true, grants },
      ({ name, version }) => `${name} is ${version} now`,
    );
  },
} satisfies Command;
