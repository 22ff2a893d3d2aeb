import type { Command } from '../command.ts';
import { version } from '../version.ts';

export const versionCommand = {
  name: 'version',
  group: 'tools',
  summary: 'the version of MagFlock, Node and the platform',
  examples: [{ command: 'magflock version --json', does: 'for a bug report' }],
  async run({ output }) {
    const facts = { version, node: process.versions.node, platform: `${process.platform}-${process.arch}` };
    if (output.json) output.document(facts);
    else output.data(`MagFlock ${version}   node ${facts.node}   ${facts.platform}`);
    return undefined;
  },
} satisfies Command;
