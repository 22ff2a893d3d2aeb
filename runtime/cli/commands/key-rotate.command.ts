import { MagFlockError } from '../../errors/magflock-error.ts';
import type { KeyInfo } from '../../protocol/psu.protocol.ts';
import type { Command } from '../command.ts';

export const keyRotateCommand = {
  name: 'key rotate',
  group: 'access',
  summary: 'make a new key in place of an old one, with the same role and scopes',
  arguments: [{ name: 'id', summary: 'id of the old key, from magflock key list', required: true }],
  flags: [{ name: 'grace', value: 'seconds', summary: 'how long the old one still works (default 0)' }],
  examples: [{ command: 'magflock key rotate 0197a3 --grace 600', does: 'ten minutes to change over' }],
  async run({ args, daemon, flags, output, project }) {
    const grace = Number(flags.value('grace') ?? '0');
    if (!Number.isInteger(grace) || grace < 0) {
      throw new MagFlockError('MF802', '--grace takes whole seconds', { fix: '--grace 600' });
    }
    const path = `/keys/${encodeURIComponent(args['id']!)}/rotate?project=${encodeURIComponent(project)}`;
    const key = await (await daemon()).ask<KeyInfo & { key: string }>('POST', path, { graceSeconds: grace });
    if (output.json) output.document(key);
    else {
      output.data(key.key);
      output.talk(`id ${key.id}; the old key ${grace === 0 ? 'is revoked' : `works for ${grace} s more`}`);
    }
    return undefined;
  },
} satisfies Command;
