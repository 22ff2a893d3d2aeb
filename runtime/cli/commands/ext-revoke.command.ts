import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Command } from '../command.ts';

export const extRevokeCommand = {
  name: 'ext revoke',
  group: 'extensions',
  summary: 'take a key or a package out of circulation; what runs with it goes into quarantine',
  arguments: [
    {
      name: 'what',
      summary: 'SHA256:… of a key, or the SHA-256 of a package in hexadecimal',
      required: true,
    },
  ],
  flags: [{ name: 'reason', value: 'text', summary: 'what ext info and the audit log say' }],
  examples: [
    {
      command: 'magflock ext revoke SHA256:uNiVztksCsDhcc0u9e8BrXvDJ7q4Yw0zGmYyVb1xJ0Q --reason "key stolen"',
      does: 'a key',
    },
  ],
  async run({ args, daemon, flags, output }) {
    const what = args['what']!;
    const reason = flags.value('reason') ?? 'an operator revoked it';
    if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(what) && !/^[0-9a-f]{64}$/.test(what)) {
      throw new MagFlockError('MF802', `"${what}" is neither a key's fingerprint nor a package's SHA-256`, {
        fix: 'magflock ext trust shows fingerprints, magflock ext review <file> the SHA-256 of a package',
      });
    }
    const target = what.startsWith('SHA256:') ? { fingerprint: what } : { sha256: what };
    const client = await daemon();
    const answer = await client.ask<{ quarantined: readonly string[] }>('POST', '/revocations', {
      ...target,
      reason,
    });
    if (output.json) output.document(answer);
    else {
      const hit = answer.quarantined.join(', ');
      output.talk(`revoked; ${hit === '' ? 'nothing runs with it' : `in quarantine now: ${hit}`}`);
    }
    return undefined;
  },
} satisfies Command;
