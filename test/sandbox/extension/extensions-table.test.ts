import assert from 'node:assert/strict';
import type { Permission } from '../../../runtime/protocol/extension-manifest.ts';
import { extensionsTable } from '../../../sandbox/extension/extensions-table.ts';
import { installedExample } from './installed-example.ts';

const now = Date.parse('2026-06-01T00:00:00Z');
const route = { method: 'GET', path: '/hello/:who' } as const;
const may = (capability: Permission['capability'], ...scope: string[]): Permission => ({
  capability,
  scope,
  reason: 'x',
});

describe('sandbox: the table of hooks and routes', () => {
  it('has the hooks in the order of installation, with the defaults filled in', () => {
    const hook = { tables: ['*'], operations: ['create'] } as const;
    const late = installedExample({
      id: 'acme.late',
      name: 'late',
      installedAt: '2026-03-01T00:00:00Z',
      projects: ['main', 'shop'],
      manifest: { hooks: [{ when: 'after', ...hook, timeoutMs: 60_000 }] },
    });
    const early = installedExample({ manifest: { hooks: [{ when: 'before', ...hook }] } });
    const table = extensionsTable([late, early], 7, now);
    assert.equal(table.version, 7);
    assert.deepEqual(table.projects['main']?.hooks, [
      { extension: 'acme.hello', when: 'before', ...hook, timeoutMs: 100, onFailure: 'refuse' },
      { extension: 'acme.late', when: 'after', ...hook, timeoutMs: 5_000, onFailure: 'pass' },
    ]);
    assert.deepEqual(
      table.projects['shop']?.hooks.map(({ extension }) => extension),
      ['acme.late'],
    );
  });

  for (const [what, permissions, grants, prefixes] of [
    ['http.route', [may('http.route', '*')], undefined, ['hello']],
    ['nothing', [], undefined, []],
    ['no grant', [may('http.route', '*')], [], []],
    [
      'an expired grant',
      [may('http.route', '*')],
      [{ ...may('http.route', '*'), grantedAt: 'x', expiresAt: '2026-05-01T00:00:00Z' }],
      [],
    ],
    ['http.mount', [may('http.mount', '/shop')], undefined, ['/shop']],
    ['both', [may('http.mount', '/shop'), may('http.route', '*')], undefined, ['hello', '/shop']],
  ] as const) {
    it(`with ${what} its routes are below ${prefixes.join(' and ') || 'nothing'}`, () => {
      const installed = installedExample({
        manifest: { routes: [route], permissions },
        ...(grants === undefined ? {} : { grants }),
      });
      const table = extensionsTable([installed], 1, now);
      assert.deepEqual(
        table.projects['main']?.routes,
        prefixes.map((prefix) => ({ extension: 'acme.hello', prefix, ...route, public: false })),
      );
    });
  }
});
