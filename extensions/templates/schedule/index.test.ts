import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testExtension } from '@magflock/sdk/testing';

const at = '2026-01-31T03:00:00.000Z';

test('writes the first count under a heading', async () => {
  await using extension = await testExtension({
    dir: import.meta.dirname,
    fakes: { db: { read: () => [{ count: 7 }] } },
  });
  await extension.schedule('nightly', at);
  assert.equal(extension.files.get('counts.csv'), `at,orders\n${at},7\n`);
});

test('goes on below the counts of earlier nights', async () => {
  await using extension = await testExtension({
    dir: import.meta.dirname,
    fakes: { db: { read: () => [{ count: 8 }] }, files: { 'counts.csv': `at,orders\n${at},7\n` } },
  });
  await extension.schedule('nightly', '2026-02-01T03:00:00.000Z');
  assert.match(extension.files.get('counts.csv') ?? '', /,7\n.*,8\n$/);
});
