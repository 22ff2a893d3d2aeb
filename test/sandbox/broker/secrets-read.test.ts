import { deepEqual, equal, rejects } from 'node:assert/strict';
import { createSecretsReadCapability } from '../../../sandbox/broker/capabilities/secrets-read.capability.ts';
import type { CapabilityCall } from '../../../sandbox/broker/capability.ts';

describe('secrets.read', () => {
  const asked: unknown[] = [];
  const { read } = createSecretsReadCapability({
    async read(request) {
      asked.push(request);
      return { value: 'hush' };
    },
  }).methods;
  const call = (args: readonly unknown[], scopes: readonly string[]): CapabilityCall => ({
    extension: 'acme.reports',
    name: 'reports',
    project: 'shop',
    requestId: null,
    scopes,
    args,
    signal: new AbortController().signal,
    deadline: Date.now() + 1000,
    spend: () => {},
  });
  beforeEach(() => {
    asked.length = 0;
  });

  it('gives the value of a secret that was granted by name, or with *', async () => {
    equal(await read!(call(['mail.token'], ['mail.token'])), 'hush');
    equal(await read!(call(['mail.token'], ['*'])), 'hush');
    deepEqual(asked[0], { project: 'shop', name: 'mail.token' });
  });

  for (const [what, args, scopes, code] of [
    ['another name', ['mail.password'], ['mail.token'], 'MF610'],
    ['the beginning of a name', ['mail'], ['mail.token'], 'MF610'],
    ['a star', ['*'], ['*'], 'MF671'],
    ['no name', [], ['*'], 'MF671'],
    ['a list', [['mail.token']], ['*'], 'MF671'],
    ['two names', ['a', 'b'], ['*'], 'MF671'],
    ['a path', ['../shop/mail.token'], ['*'], 'MF671'],
  ] as const) {
    it(`asks nobody for ${what}`, async () => {
      await rejects(read!(call(args, scopes)), { code });
      deepEqual(asked, []);
    });
  }
});
