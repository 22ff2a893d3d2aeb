import type { ExtensionInfo } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { safeText } from '../extension/safe-text.ts';
import { styleExtensionState } from '../extension/style-extension-state.ts';

export const extListCommand = {
  name: 'ext list',
  group: 'extensions',
  summary: 'the extensions of this machine, their state and signature',
  examples: [
    { command: 'magflock ext list', does: 'a table' },
    { command: 'magflock ext list --json', does: 'everything known of each' },
  ],
  async run({ daemon, output }) {
    const all = await (await daemon()).ask<readonly ExtensionInfo[]>('GET', '/extensions');
    if (output.json) {
      output.document(all);
      return undefined;
    }
    if (all.length === 0) {
      output.talk('no extensions; magflock ext install <file> adds one');
      return undefined;
    }
    output.table(
      ['NAME', 'VERSION', 'STATE', 'SIGNATURE', 'PUBLISHER', 'PROJECTS', 'NOTE'],
      all.map((one) => [
        one.name,
        one.version,
        styleExtensionState(output, one.state),
        one.signature,
        safeText(one.publisher),
        one.projects.join(', '),
        safeText(one.reason ?? (one.staged === null ? '' : `${one.staged.version} waits for approval`)),
      ]),
    );
    return undefined;
  },
} satisfies Command;
