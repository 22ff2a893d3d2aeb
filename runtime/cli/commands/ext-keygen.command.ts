import { resolve } from 'node:path';
import type { Command } from '../command.ts';

export const extKeygenCommand = {
  name: 'ext keygen',
  group: 'extensions',
  summary: 'make a key pair to sign packages with',
  description:
    'Writes the private key to a new file that only you can read, and prints the public one: publish that, and\n' +
    'operators trust it with magflock ext trust. A file that is there is never overwritten.',
  arguments: [{ name: 'publisher', summary: 'the first part of the ids it signs', required: true }],
  flags: [{ name: 'out', value: 'file', summary: 'private key (default <publisher>.key.pem here)' }],
  examples: [
    { command: 'magflock ext keygen acme', does: 'acme.key.pem, for acme.hello and others' },
    {
      command: 'magflock ext keygen acme --out ~/keys/acme-2.pem --json',
      does: 'another file, for a program',
    },
  ],
  async run({ args, flags, output }) {
    const { publicKey } = await import('../../../sandbox/package/public-key.ts');
    const { signingKey } = await import('../../../sandbox/package/signing-key.ts');
    const { assertPublisher } = await import('../../../sandbox/package/assert-publisher.ts');
    const publisher = args['publisher']!;
    assertPublisher(publisher);
    const file = resolve(flags.value('out') ?? `${publisher}.key.pem`);
    const key = signingKey.generate(file);
    const fingerprint = publicKey.fingerprint(key);
    if (output.json) output.document({ publisher, file, key, fingerprint });
    else {
      output.data(key);
      output.talk(`private key  ${file}: keep it secret, and a copy of it safe`);
      output.talk(`fingerprint  ${fingerprint}`);
      output.talk(`operators:   magflock ext trust ${publisher} ${key}`);
    }
    return undefined;
  },
} satisfies Command;
