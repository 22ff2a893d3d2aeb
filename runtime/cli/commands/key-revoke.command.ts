import type { KeyInfo } from '../../protocol/psu.protocol.ts';
import type { Command } from '../command.ts';

export const keyRevokeCommand = {
  name: 'key revoke',
  group: 'access',
  summary: 'end an API key, at work before the command returns',
  arguments: [{ name: 'id', summary: 'id of the key, from magflock key list', required: true }],
  examples: [{ command: 'magflock key revoke 0197a3', does: 'requests with it get 401 from now on' }],
  async run({ args, daemon, output, project }) {
    const path = `/keys/${encodeURIComponent(args['id']!)}?project=${encodeURIComponent(project)}`;
    const key = await (await daemon()).ask<KeyInfo>('DELETE', path);
    if (output.json) output.document(key);
    else output.talk(`revoked ${key.role} key ${key.shown}`);
    return undefined;
  },
} satisfies Command;
