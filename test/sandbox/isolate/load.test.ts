import assert from 'node:assert/strict';
import { errorCatalog } from '../../../runtime/errors/error-catalog.ts';
import { userErrorCodes } from '../../../sandbox/isolate/user-error-codes.ts';
import { loadGuest } from './load-guest.ts';

interface Row {
  readonly name: string;
  readonly code: string;
  readonly message: RegExp;
}

const refused: readonly Row[] = [
  {
    name: 'a syntax error',
    code: 'export default {',
    message: /SyntaxError: Unexpected end of input \[extension\.js:1:/,
  },
  {
    name: 'an import of Node',
    code: `import fs from 'node:fs'; export default {}`,
    message: /it imports "node:fs"; bundle/,
  },
  {
    name: 'an import of a file',
    code: `export * from './other.js'; export default {}`,
    message: /it imports "\.\/other\.js"/,
  },
  { name: 'an error at its top level', code: `throw new TypeError('no')`, message: /TypeError: no\.$/ },
  { name: 'a thrown text', code: `throw 'x'`, message: /it threw string/ },
  {
    name: 'a thrown object with getters',
    code: `throw { get message() { return 'got'; } }`,
    message: /does not load/,
  },
  {
    name: 'no default export',
    code: 'export const a = 1',
    message: /the default export must be the extension object/,
  },
  {
    name: 'a default export that is a function',
    code: 'export default () => 1',
    message: /must be the extension object/,
  },
  {
    name: 'a handler that is no function',
    code: 'export default { onRequest: 1 }',
    message: /onRequest must be a function/,
  },
  {
    name: 'a getter of a handler that throws',
    code: `export default { get onRequest() { throw new Error('ha'); } }`,
    message: /ha\.$/,
  },
  {
    name: 'a getter that never ends',
    code: 'export default { get onRequest() { for (;;); } }',
    message: /processor time/,
  },
  { name: 'a loop at its top level', code: 'for (;;);', message: /Script execution timed out/ },
  {
    name: 'an await at its top level that never comes',
    code: 'await new Promise(() => {}); export default {}',
    message: /its top level awaits something that does not come/,
  },
  {
    name: 'too much memory',
    code: 'const all = []; for (;;) all.push([1, 2, 3, {}]);',
    message: /more memory or time/,
  },
  { name: 'a source that is too long', code: `/*${'x'.repeat(9e6)}*/export default {}`, message: /too long/ },
];

describe('loading a guest', () => {
  it('tells the handlers of its default export', async () => {
    await using guest = await loadGuest(
      `class Base { onStart() {} }
      export default Object.assign(new Base(), { onRequest() {}, onHandover: null, other() {}, manifest: {} });`,
    );
    assert.deepEqual(guest.isolate.guest, { handlers: ['onStart', 'onRequest'] });
  });

  it('waits for an await at the top level that comes', async () => {
    await using guest = await loadGuest(
      'const a = await Promise.resolve(7); export default { onRequest: () => a }',
    );
    assert.equal(await guest.value('request'), 7);
  });

  for (const { name, code, message } of refused) {
    it(`refuses ${name}`, async () => {
      const cpuMs = name === 'too much memory' ? 5000 : 60;
      await assert.rejects(loadGuest(code, { cpuMs }), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'MF660');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\/work|\.ts\b|file:|node:internal/);
        return true;
      });
    });
  }

  it('a handler gets its input and the context, with the extension as `this`', async () => {
    await using guest = await loadGuest(
      `export default { tag: 'own', onRequest(input, context) {
        return [this.tag, input.a, context.project, context.requestId, context.extension, context.config, typeof context.now(), typeof context.random()];
      } }`,
    );
    assert.deepEqual(await guest.value('request', { a: 1, project: 'shop', requestId: 'r1' }), [
      'own',
      1,
      'shop',
      'r1',
      { id: 'acme/guest', version: '1.2.3' },
      { greeting: 'hello' },
      'number',
      'number',
    ]);
  });

  it('a handler that is absent answers null, but a request needs one', async () => {
    await using guest = await loadGuest('export default {}');
    assert.equal(await guest.value('before', {}), null);
    const { ok, payload } = await guest.call('request', {});
    assert.equal(ok, false);
    assert.match(payload, /MF605/);
  });

  it('capability calls name their call, their arguments, and another project', async () => {
    await using guest = await loadGuest(
      `export default { async onRequest(_, context) {
        await context.db.read.query('select 1', [1]);
        await context.in('other').cache.set('k', { v: 1 }, { ttlSeconds: 5 });
        await context.files.write('a/b', 'text');
        return (await context.net.fetch('https://example.org')).what;
      } }`,
      { capabilities: ['db.read', 'cache', 'files', 'net.fetch'] },
    );
    assert.equal(await guest.value('request'), 'net.fetch.fetch');
    assert.deepEqual(
      guest.syscalls.map(({ what, args }) => [what, args]),
      [
        ['db.read.query', ['select 1', [1]]],
        ['cache.set@other', ['k', { v: 1 }, { ttlSeconds: 5 }]],
        ['files.write', ['a/b', 'text']],
        ['net.fetch.fetch', ['https://example.org']],
      ],
    );
    assert.equal(new Set(guest.syscalls.map(({ callId }) => callId)).size, 1);
    assert.match(guest.syscalls[0]?.callId ?? '', /^[0-9a-f]{24}$/);
    assert.deepEqual([...guest.isolate.capabilitiesUsed], ['db.read', 'cache', 'files', 'net.fetch']);
  });

  it('an error with a code reaches the guest with code, message, fix and details', async () => {
    await using guest = await loadGuest(
      `export default { onRequest: (_, context) => context.cache.get('x').catch(({ name, code, message, fix, details, retryable }) => ({ name, code, message, fix, details, retryable })) }`,
      {
        capabilities: ['cache'],
        answer: () => {
          throw Object.assign(new Error('Not granted.'), { code: 'MF610', fix: 'Ask.', details: { a: 1 } });
        },
      },
    );
    assert.deepEqual(await guest.value('request'), {
      name: 'CapabilityError',
      code: 'MF610',
      message: 'Not granted.',
      fix: 'Ask.',
      details: { a: 1 },
      retryable: false,
    });
  });

  it('the codes that a guest may answer with are those that blame a user', () => {
    const blaming = Object.entries(errorCatalog).filter(([, { blame }]) => blame === 'user');
    assert.deepEqual([...userErrorCodes].sort(), blaming.map(([code]) => code).sort());
  });
});
