import { join, resolve } from 'node:path';
import type { Command } from '../command.ts';

export const extVerifyCommand = {
  name: 'ext verify',
  group: 'extensions',
  summary: 'say what the signature of a package is worth here',
  description:
    'core: shipped with MagFlock. signed: by a publisher this machine trusts. unsigned: nobody it trusts vouches\n' +
    'for it. modified: altered after it was signed, or signed by somebody else. revoked: out of circulation.\n' +
    'Looks at the publishers of the data folder; needs no daemon. Exit code 4 unless it is core or signed.',
  arguments: [{ name: 'file.magx', summary: 'the package', required: true }],
  flags: [
    { name: 'trust', value: 'key', summary: "the publisher's public key, instead of the trusted ones" },
  ],
  examples: [
    { command: 'magflock ext verify hello-1.0.0.magx', does: 'against the publishers of this machine' },
    {
      command:
        'magflock ext verify hello-1.0.0.magx --trust ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      does: 'against a key that you got from the publisher',
    },
  ],
  async run({ args, flags, output, settings }) {
    const { readPackage } = await import('../../../sandbox/package/read-package.ts');
    const { publisherStore } = await import('../../../sandbox/package/publisher-store.ts');
    const { revocationList } = await import('../../../sandbox/package/revocation-list.ts');
    const { verifyPackage } = await import('../../../sandbox/package/verify-package.ts');
    const opened = readPackage(resolve(args['file.magx']!));
    const { id, version } = opened.manifest;
    const folder = join((await settings()).dataDir, 'extensions');
    const key = flags.value('trust');
    const publishers =
      key === undefined
        ? publisherStore.read(folder)
        : publisherStore.trust({}, id.slice(0, id.indexOf('.')), key, new Date().toISOString());
    const verdict = verifyPackage(opened, { publishers, revoked: revocationList.read(folder) });
    const { signature, publisher, fingerprint, reasons, rotations } = verdict;
    const good = signature === 'core' || signature === 'signed';
    if (output.json) {
      const { sha256, digest } = opened;
      const rotated = rotations.length;
      output.document({ id, version, signature, publisher, fingerprint, sha256, digest, rotated, reasons });
    } else {
      output.data(`${output.style(good ? 'green' : 'red', signature)}  ${id} ${version}`);
      for (const reason of reasons) output.data(`  ${reason}`);
      if (fingerprint !== null) output.data(`key      ${fingerprint}`);
      output.data(`sha256   ${opened.sha256}`);
      if (rotations.length > 0)
        output.data(`The key was rotated ${rotations.length} times since it was trusted.`);
    }
    return good ? 0 : 4;
  },
} satisfies Command;
