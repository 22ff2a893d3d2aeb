import type { CreateKeyRequest, KeyInfo } from '../../protocol/psu.protocol.ts';
import type { Command } from '../command.ts';
import { readKeyScopes } from '../read-key-scopes.ts';

export const keyCreateCommand = {
  name: 'key create',
  group: 'access',
  summary: 'make an API key; a secret one is shown this once',
  flags: [
    { name: 'role', value: 'role', summary: 'what it acts as', choices: ['anon', 'service_role'] },
    { name: 'name', value: 'text', summary: 'a name to find it by' },
    { name: 'tables', value: 'list', summary: 'only these tables, comma separated' },
    { name: 'operations', value: 'list', summary: 'only these of select, insert, update, delete' },
    { name: 'addresses', value: 'list', summary: 'only from these addresses or CIDR ranges' },
    {
      name: 'limits',
      value: 'list',
      summary: 'what a request may cost: rows=200,depth=2 (cost, rows, bytes, depth, timeMs)',
    },
    { name: 'expires', value: 'when', summary: 'end of its life: 30d, 12h or an ISO 8601 time' },
  ],
  examples: [
    { command: 'magflock key create --role anon', does: 'a public key for a web page' },
    {
      command:
        'magflock key create --role service_role --name nightly --tables invoice --operations select --expires 30d',
      does: 'a secret key that can do little and not for long',
    },
  ],
  async run({ daemon, flags, output, project }) {
    const scopes = readKeyScopes(flags);
    const name = flags.value('name');
    const request: Omit<CreateKeyRequest, 'project'> = {
      role: (flags.value('role') ?? 'anon') as CreateKeyRequest['role'],
      ...(name === undefined ? {} : { name }),
      ...(scopes === undefined ? {} : { scopes }),
    };
    const client = await daemon();
    const path = `/keys?project=${encodeURIComponent(project)}`;
    const key = await client.ask<KeyInfo & { key: string }>('POST', path, request);
    if (output.json) output.document(key);
    else {
      output.data(key.key);
      if (key.kind === 'secret')
        output.talk('This secret key is not shown again. It reads and writes everything.');
      output.talk(`id ${key.id}; magflock key revoke ${key.id} ends it`);
    }
    return undefined;
  },
} satisfies Command;
