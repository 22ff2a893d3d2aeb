import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ExtensionsProtocol } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import { safeText } from '../extension/safe-text.ts';

export const extTrustCommand = {
  name: 'ext trust',
  group: 'extensions',
  summary: "let a publisher's signatures count; without arguments, the publishers you trust",
  description:
    'Compare the key with what the publisher shows elsewhere. ext keygen and ext verify show keys.',
  arguments: [
    { name: 'publisher', summary: 'first part of the ids of its extensions', required: false },
    { name: 'key', summary: 'its public key, ed25519:…', required: false },
  ],
  flags: [{ name: 'remove', summary: 'trust it no longer; what is installed goes on' }],
  examples: [
    { command: 'magflock ext trust', does: 'a table of the trusted ones' },
    { command: 'magflock ext trust acme ed25519:DG0vFkXrQZpA6cBqsAfS', does: 'trusts acme with this key' },
    { command: 'magflock ext trust acme --remove', does: 'no longer' },
  ],
  async run({ args, daemon, flags, output }) {
    const { publisher, key } = args;
    const client = await daemon();
    if (publisher === undefined) {
      const all = await client.ask<ReturnType<ExtensionsProtocol['publishers']>>('GET', '/publishers');
      if (output.json) output.document(all);
      else if (all.length === 0) output.talk('no publishers are trusted');
      else {
        output.table(
          ['PUBLISHER', 'FINGERPRINT', 'KEY', 'SINCE'],
          all.map((one) => [safeText(one.publisher), one.fingerprint, one.key, one.trustedAt]),
        );
      }
      return undefined;
    }
    if (flags.has('remove')) {
      const answer = await client.ask('DELETE', `/publishers/${encodeURIComponent(publisher)}`);
      if (output.json) output.document(answer);
      else output.talk(`${publisher} is trusted no longer`);
      return undefined;
    }
    if (key === undefined) {
      throw new MagFlockError('MF802', 'magflock ext trust needs the key of the publisher', {
        fix: `magflock ext trust ${publisher} ed25519:…`,
      });
    }
    const { fingerprint } = await client.ask<{ fingerprint: string }>('POST', '/publishers', {
      publisher,
      key,
    });
    if (output.json) output.document({ publisher, key, fingerprint });
    else output.talk(`trusted ${publisher} with ${fingerprint}`);
    return undefined;
  },
} satisfies Command;
