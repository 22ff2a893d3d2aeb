import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testExtension } from '@magflock/sdk/testing';

test('greets by name', async () => {
  await using extension = await testExtension({ dir: import.meta.dirname });
  const { status, body } = await extension.request('GET /hello/you');
  assert.equal(status, 200);
  assert.deepEqual(body, { message: 'Hello, you!' });
});

test('takes the greeting from the configuration', async () => {
  await using extension = await testExtension({ dir: import.meta.dirname, config: { greeting: 'Welcome' } });
  const { body } = await extension.request('GET /hello/J%C3%BCrgen');
  assert.deepEqual(body, { message: 'Welcome, Jürgen!' });
});

test('needs a key', async () => {
  await using extension = await testExtension({ dir: import.meta.dirname });
  assert.equal((await extension.request('GET /hello/you', { role: null })).status, 401);
});
