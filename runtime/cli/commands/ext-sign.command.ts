import { resolve } from 'node:path';
import { MagFlockError } from '../../errors/magflock-error.ts';
import type { Command } from '../command.ts';
import { writeOut } from '../extension/write-out.ts';

export const extSignCommand = {
  name: 'ext sign',
  group: 'extensions',
  summary: 'sign a package with your key',
  description:
    'The signature covers the manifest and every file, and stands in the package itself. An older signature is\n' +
    'replaced.',
  arguments: [{ name: 'file.magx', summary: 'the package', required: true }],
  flags: [
    { name: 'key', value: 'file', summary: 'your private key, of magflock ext keygen' },
    { name: 'rotation', value: 'file', summary: 'statement of magflock ext rotate-key to put into it' },
    { name: 'out', value: 'file', summary: 'where to (default: in its place)' },
  ],
  examples: [
    { command: 'magflock ext sign hello-1.0.0.magx --key acme.key.pem', does: 'in its place' },
    {
      command: 'magflock ext sign hello-1.1.0.magx --key acme-2.key.pem --rotation magflock.rotation.json',
      does: 'with a new key, for machines that trust the old one',
    },
  ],
  async run({ args, flags, output }) {
    const { readPackage } = await import('../../../sandbox/package/read-package.ts');
    const { readBoundedFile } = await import('../../../sandbox/package/read-bounded-file.ts');
    const { rotationStatement } = await import('../../../sandbox/package/rotation-statement.ts');
    const { publicKey } = await import('../../../sandbox/package/public-key.ts');
    const { signPackage } = await import('../../../sandbox/package/sign-package.ts');
    const { signingKey } = await import('../../../sandbox/package/signing-key.ts');
    const { openPackage } = await import('../../../sandbox/package/open-package.ts');
    const { writeDurably } = await import('../../../sandbox/package/write-durably.ts');
    const keyFile = flags.value('key');
    if (keyFile === undefined) {
      throw new MagFlockError('MF802', 'magflock ext sign needs --key <file>: your private key', {
        fix: 'magflock ext keygen <publisher> makes one',
      });
    }
    const opened = readPackage(resolve(args['file.magx']!));
    const key = signingKey.read(resolve(keyFile));
    const rotation = flags.value('rotation');
    const rotations =
      rotation === undefined
        ? undefined
        : rotationStatement.parse(readBoundedFile(resolve(rotation), 65_536, 'MF667').toString());
    if (rotations !== undefined && rotations.at(-1)!.newKey !== publicKey.text(key)) {
      throw new MagFlockError('MF667', `${rotation} does not lead to the key in ${keyFile}.`, {
        fix: 'sign with the key that the statement names as the new one',
      });
    }
    const bytes = signPackage(opened, key, rotations);
    const file = resolve(flags.value('out') ?? args['file.magx']!);
    writeOut(file, () => writeDurably(file, bytes, { mode: 0o644 }));
    const { manifest, sha256 } = openPackage(bytes);
    const fingerprint = publicKey.fingerprint(publicKey.text(key));
    if (output.json) {
      output.document({ id: manifest.id, version: manifest.version, file, sha256, fingerprint });
    } else {
      output.data(file);
      output.talk(`${manifest.id} ${manifest.version} signed with ${fingerprint}`);
    }
    return undefined;
  },
} satisfies Command;
