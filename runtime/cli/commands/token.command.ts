import { MagFlockError } from '../../errors/magflock-error.ts';
import type { SignedToken, SignTokenRequest } from '../../protocol/psu.protocol.ts';
import type { Command } from '../command.ts';

const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const uuid = /^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

export const tokenCommand = {
  name: 'token',
  group: 'access',
  summary: 'sign a token (JWT) for trying row security as a user',
  description:
    "Signed with the project's jwtSecret, which stays in the daemon; for trying things out, your sign-in signs those\n" +
    'of your users. Send it as Authorization: Bearer to /rest/v1.',
  flags: [
    { name: 'role', value: 'role', summary: 'role of the requests: authenticated, or one of your own' },
    { name: 'sub', value: 'uuid', summary: 'who it is: what auth.uid() says' },
    { name: 'expires', value: 'time', summary: 'how long it lives: 1h when not given, at most 30d' },
    { name: 'claim', value: 'name=value', summary: 'a further claim, text or JSON; as often as you like' },
  ],
  examples: [
    {
      command: 'magflock token --role authenticated --sub 11111111-1111-4111-8111-111111111111',
      does: 'a token for an hour',
    },
    {
      command: `magflock token --role authenticated --expires 10m --claim email=ann@example.com --claim 'app_metadata={"team":"staff"}'`,
      does: 'with claims that policies look at',
    },
  ],
  async run({ daemon, flags, output, project }) {
    const role = flags.value('role');
    if (role === undefined || role === '') {
      throw new MagFlockError('MF802', 'a token needs a role', {
        fix: 'magflock token --role authenticated --sub <uuid>',
      });
    }
    const subject = flags.value('sub');
    if (subject !== undefined && !uuid.test(subject))
      output.warn('the subject is no UUID; policies that ask auth.uid() will fail');
    if (role === 'service_role') output.warn('row security does not hold for service_role');
    const request: Omit<SignTokenRequest, 'project'> = {
      role,
      ...(subject === undefined ? {} : { subject }),
      expiresSeconds: secondsOf(flags.value('expires') ?? '1h'),
      claims: Object.fromEntries(flags.values('claim').map(claimOf)),
    };
    const path = `/tokens?project=${encodeURIComponent(project)}`;
    const signed = await (await daemon()).ask<SignedToken>('POST', path, request);
    if (output.json) output.document(signed);
    else output.data(signed.token);
    return undefined;
  },
} satisfies Command;

function secondsOf(text: string): number {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * unitSeconds[unit as keyof typeof unitSeconds];
  if (seconds >= 1 && seconds <= 30 * unitSeconds.d) return seconds;
  throw new MagFlockError('MF802', `"${text}" is not how long a token may live`, {
    fix: 'from 1s to 30d, for example 10m, 1h or 7d',
  });
}

function claimOf(text: string): readonly [name: string, value: unknown] {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new MagFlockError('MF802', `"${text}" is no claim`, {
      fix: 'write for example --claim team=staff',
    });
  }
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}
