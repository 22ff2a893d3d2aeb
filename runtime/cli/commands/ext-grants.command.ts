import { MagFlockError } from '../../errors/magflock-error.ts';
import type { ExtensionInfo } from '../../protocol/extensions.protocol.ts';
import type { Command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { extensionPath } from '../extension/extension-path.ts';
import { readExpiry } from '../extension/read-expiry.ts';
import { safeText } from '../extension/safe-text.ts';
import { splitScopes } from '../extension/split-scopes.ts';

export const extGrantsCommand = {
  name: 'ext grants',
  group: 'extensions',
  summary: 'what an extension asked for and what it has; grant, narrow or revoke, at once',
  description:
    'A grant replaces the one of the same capability: give fewer scopes to narrow it. Calls under way that are not\n' +
    'covered any more are ended. Nothing can be granted that its manifest does not ask for.',
  arguments: [{ name: 'name', summary: 'name or id of the extension', required: true }],
  flags: [
    { name: 'grant', value: 'capability:scopes', summary: 'grant exactly these scopes, separated by commas' },
    { name: 'expires', value: 'when', summary: 'end of that grant: 30d, 12h or an ISO 8601 time' },
    { name: 'revoke', value: 'capability', summary: 'take a capability away' },
  ],
  examples: [
    { command: 'magflock ext grants hello', does: 'a table' },
    {
      command: 'magflock ext grants hello --grant "db.read:orders(id,total)" --expires 30d',
      does: 'narrower, for a month',
    },
    { command: 'magflock ext grants hello --revoke net.fetch', does: 'no network from now on' },
  ],
  async run(context) {
    const { args, daemon, flags, output } = context;
    const path = extensionPath(args['name']!);
    const change = readChange(context);
    const client = await daemon();
    const info =
      change === undefined
        ? await client.ask<ExtensionInfo>('GET', path)
        : await client.ask<ExtensionInfo>('POST', `${path}/grant`, change);
    if (output.json) {
      output.document(info.grants);
      return undefined;
    }
    if (change !== undefined) {
      output.talk(flags.has('revoke') ? `revoked ${change.capability}` : `granted ${change.capability}`);
    }
    const capabilities = [...new Set(info.manifest.permissions.map(({ capability }) => capability))];
    output.table(
      ['CAPABILITY', 'ASKED', 'GRANTED', 'UNTIL', 'REASON'],
      capabilities.map((capability) => {
        const of = <T extends { readonly capability: string }>(all: readonly T[]): readonly T[] =>
          all.filter((one) => one.capability === capability);
        const scopes = (all: readonly { readonly scope: readonly string[] }[]): string =>
          all.flatMap(({ scope }) => scope.map((one) => safeText(one))).join(', ');
        const asked = of(info.manifest.permissions);
        const granted = of(info.grants);
        return [
          capability,
          scopes(asked),
          scopes(granted) || '–',
          granted.flatMap(({ expiresAt }) => expiresAt ?? []).join(', '),
          asked.map(({ reason }) => safeText(reason)).join('; '),
        ];
      }),
    );
    return undefined;
  },
} satisfies Command;

interface Change {
  readonly capability: string;
  readonly scope: readonly string[];
  readonly expiresAt?: string;
}

function readChange({ flags }: CommandContext): Change | undefined {
  const grant = flags.value('grant');
  const revoke = flags.value('revoke');
  const expires = flags.value('expires');
  if (grant !== undefined && revoke !== undefined)
    throw new MagFlockError('MF802', '--grant and --revoke are two acts', { fix: 'give one of them' });
  if (revoke !== undefined) return { capability: revoke, scope: [] };
  if (grant === undefined) {
    if (expires === undefined) return undefined;
    throw new MagFlockError('MF802', '--expires is the end of a grant', { fix: 'give --grant too' });
  }
  const at = grant.indexOf(':');
  const scope = at < 1 ? [] : splitScopes(grant.slice(at + 1));
  if (scope.length === 0) {
    throw new MagFlockError('MF802', `--grant takes capability:scopes, got "${grant}"`, {
      fix: '--grant db.read:orders,customers',
    });
  }
  return {
    capability: grant.slice(0, at),
    scope,
    ...(expires === undefined ? {} : { expiresAt: readExpiry(expires) }),
  };
}
