import type { KeyInfo } from '../../protocol/psu.protocol.ts';
import type { Command } from '../command.ts';

export const keyListCommand = {
  name: 'key list',
  group: 'access',
  summary: 'the API keys of a project; of secret ones only the last four characters',
  flags: [{ name: 'all', summary: 'revoked ones too' }],
  examples: [{ command: 'magflock key list', does: 'of project main' }],
  async run({ daemon, flags, output, project }) {
    const client = await daemon();
    const all = await client.ask<readonly KeyInfo[]>('GET', `/keys?project=${encodeURIComponent(project)}`);
    const keys = all.filter((key) => flags.has('all') || key.revokedAt === null);
    if (output.json) {
      output.document(keys);
      return undefined;
    }
    output.table(
      ['ID', 'ROLE', 'NAME', 'KEY', 'MADE', 'NARROWED TO'],
      keys.map((key) => [
        key.id,
        key.role,
        key.name,
        key.shown,
        key.createdAt,
        [...narrowings(key), key.revokedAt === null ? '' : `revoked ${key.revokedAt}`]
          .filter(Boolean)
          .join('; '),
      ]),
    );
    return undefined;
  },
} satisfies Command;

function narrowings({ scopes }: KeyInfo): string[] {
  return [
    scopes.tables === undefined ? '' : `tables ${scopes.tables.join(', ')}`,
    scopes.operations === undefined ? '' : scopes.operations.join(', '),
    scopes.addresses === undefined ? '' : `from ${scopes.addresses.join(', ')}`,
    scopes.limits === undefined
      ? ''
      : Object.entries(scopes.limits)
          .map(([name, value]) => `${name} ≤ ${value}`)
          .join(', '),
    scopes.expiresAt === undefined ? '' : `until ${new Date(scopes.expiresAt).toISOString()}`,
  ];
}
