import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testExtension } from '@magflock/sdk/testing';

const create = { operation: 'create', table: 'contacts' } as const;

test('writes addresses in lower case', async () => {
  await using extension = await testExtension({ dir: import.meta.dirname });
  const result = await extension.before({ ...create, body: { email: ' Ada@Example.com' } });
  assert.deepEqual(result?.body, { email: 'ada@example.com' });
});

test('refuses what is no address, also among several rows', async () => {
  await using extension = await testExtension({ dir: import.meta.dirname });
  const result = await extension.before({
    ...create,
    body: [{ email: 'ada@example.com' }, { email: 'ada' }],
  });
  assert.equal(result?.refuse?.status, 422);
});

test('leaves rows without an address as they are', async () => {
  await using extension = await testExtension({ dir: import.meta.dirname });
  const result = await extension.before({
    operation: 'update',
    table: 'contacts',
    id: '1',
    body: { age: 36 },
  });
  assert.deepEqual(result?.body, { age: 36 });
});
