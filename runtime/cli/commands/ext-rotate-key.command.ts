import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Command } from '../command.ts';
import { writeOut } from '../extension/write-out.ts';

export const extRotateKeyCommand = {
  name: 'ext rotate-key',
  group: 'extensions',
  summary: 'let your old key say which one comes after it',
  description:
    'Writes a statement, signed by the old key. Put it beside the manifest (ext pack takes it along) or into a\n' +
    'package with ext sign --rotation: machines that trust the old key then follow to the new one. For a key that\n' +
    'was stolen this is too late: operators revoke it with magflock ext revoke.',
  arguments: [{ name: 'publisher', summary: 'whose keys these are', required: true }],
  flags: [
    { name: 'key', value: 'file', summary: 'the old private key' },
    { name: 'new-key', value: 'key', summary: 'the new public key: ed25519:…' },
    {
      name: 'out',
      value: 'file',
      summary: 'statements, added to those there (default magflock.rotation.json)',
    },
  ],
  examples: [
    {
      command:
        'magflock ext rotate-key acme --key acme.key.pem --new-key ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      does: 'the key of ext keygen acme --out acme-2.key.pem comes next',
    },
  ],
  async run({ args, flags, output }) {
    const { assertPublisher } = await import('../../../sandbox/package/assert-publisher.ts');
    const { readBoundedFile } = await import('../../../sandbox/package/read-bounded-file.ts');
    const { rotationStatement } = await import('../../../sandbox/package/rotation-statement.ts');
    const { publicKey } = await import('../../../sandbox/package/public-key.ts');
    const { signingKey } = await import('../../../sandbox/package/signing-key.ts');
    const { writeDurably } = await import('../../../sandbox/package/write-durably.ts');
    const publisher = args['publisher']!;
    assertPublisher(publisher);
    const oldKey = signingKey.read(resolve(needed('key', flags.value('key'))));
    const newKey = needed('new-key', flags.value('new-key'));
    const file = resolve(flags.value('out') ?? 'magflock.rotation.json');
    const before = existsSync(file)
      ? rotationStatement.parse(readBoundedFile(file, 65_536, 'MF667').toString())
      : [];
    const statement = rotationStatement.make(publisher, oldKey, newKey, new Date().toISOString());
    writeOut(file, () => writeDurably(file, rotationStatement.text([...before, statement]), { mode: 0o644 }));
    const oldFingerprint = publicKey.fingerprint(statement.oldKey);
    const newFingerprint = publicKey.fingerprint(newKey);
    if (output.json) output.document({ publisher, file, oldFingerprint, newFingerprint });
    else {
      output.data(file);
      output.talk(`${publisher}: ${oldFingerprint} is followed by ${newFingerprint}`);
    }
    return undefined;
  },
} satisfies Command;

function needed(name: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new MagFlockError('MF802', `magflock ext rotate-key needs --${name}`, {
    fix: 'magflock ext rotate-key --help shows how it is used',
  });
}
