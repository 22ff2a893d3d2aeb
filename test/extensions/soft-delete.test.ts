import assert from 'node:assert/strict';
import type { HookFacts } from '../../extensions/sdk/index.ts';
import {
  type TestedExtension,
  type TestFacts,
  testExtension,
} from '../../extensions/sdk/testing/test-extension.ts';

const dir = new URL('../../extensions/soft-delete/', import.meta.url);
const visible = { filter: 'deleted_at=is.null' };

describe('soft-delete', () => {
  let extension: TestedExtension;
  before(async () => {
    extension = await testExtension({ dir, config: { tables: 'posts, pages' } });
  });
  after(() => extension?.close());

  const row = (operation: HookFacts['operation'], more: Partial<TestFacts> = {}): TestFacts => ({
    operation,
    table: 'posts',
    id: '7',
    ...more,
  });
  const secret = { role: 'service_role' } as const;

  it('turns a delete into a mark, for secret keys too', async () => {
    for (const role of ['anon', 'authenticated', 'service_role'] as const) {
      const earliest = Date.now();
      const result = await extension.before(row('delete', { role }));
      const { deleted_at } = result!.body as { deleted_at: string };
      assert.ok(Date.parse(deleted_at) >= earliest && Date.parse(deleted_at) <= Date.now());
      assert.deepEqual({ ...result, body: null }, { ...visible, operation: 'update', body: null });
    }
  });

  const rows: [what: string, facts: TestFacts, expected: unknown][] = [
    ['hides marked rows from lists', row('list', { id: null }), visible],
    ['answers 404 to reading one', row('read'), visible],
    ['answers 404 to changing one', row('update', { body: { title: 'a' } }), visible],
    ['answers 404 to replacing one', row('replace', { body: { title: 'a' } }), visible],
    ['hides them from secret keys that do not ask', row('list', { id: null, ...secret }), visible],
    ['lets a row be made', row('create', { id: null, body: { title: 'a' } }), null],
    ['leaves tables alone that were not named', row('delete', { table: 'users' }), null],
    ['restores with a secret key', row('update', { body: { deleted_at: null }, ...secret }), null],
    [
      'shows a secret key what is marked',
      row('list', { id: null, query: 'sort=id&deleted_at=is.not_null', ...secret }),
      null,
    ],
    ['shows others only what is not', row('list', { id: null, query: 'deleted_at=not.is.null' }), visible],
  ];
  for (const [what, facts, expected] of rows) {
    it(what, async () => assert.deepEqual(await extension.before(facts), expected));
  }

  const refused: [what: string, facts: TestFacts][] = [
    ['restoring', row('update', { body: { deleted_at: null } })],
    ['hiding by an update', row('update', { role: 'authenticated', body: { deleted_at: '2026-01-01' } })],
    ['making a row that is hidden', row('create', { id: null, body: [{}, { deleted_at: '2026-01-01' }] })],
  ];
  for (const [what, facts] of refused) {
    it(`refuses ${what} without a secret key`, async () => {
      assert.equal((await extension.before(facts))?.refuse?.status, 403);
    });
  }

  it('marks in the column that was set', async () => {
    await using other = await testExtension({ dir, config: { tables: 'posts', column: 'gone' } });
    const result = await other.before(row('delete'));
    assert.deepEqual(Object.keys(result!.body as object), ['gone']);
    assert.equal(result?.filter, 'gone=is.null');
  });
});
