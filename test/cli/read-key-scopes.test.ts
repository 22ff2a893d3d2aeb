import { deepEqual, equal, throws } from 'node:assert/strict';
import { readKeyScopes } from '../../runtime/cli/read-key-scopes.ts';

const now = Date.parse('2026-03-01T00:00:00Z');
const flags = (given: Readonly<Record<string, string>>) => ({
  has: (name: string) => name in given,
  value: (name: string) => given[name],
  values: () => [],
});

describe('what narrows a key', () => {
  for (const [given, scopes] of [
    [{}, undefined],
    [{ limits: '' }, undefined],
    [{ limits: 'rows=200' }, { limits: { rows: 200 } }],
    [
      { limits: 'cost=10, bytes=20,depth=0,timeMs=5 ', tables: 'a, b' },
      { tables: ['a', 'b'], limits: { cost: 10, bytes: 20, depth: 0, timeMs: 5 } },
    ],
    [{ expires: '12h' }, { expiresAt: now + 43_200_000 }],
  ] as const) {
    it(`${JSON.stringify(given)} is ${JSON.stringify(scopes)}`, () => {
      const read = readKeyScopes(flags(given), now);
      if (scopes === undefined) equal(read, undefined);
      else deepEqual(read, scopes);
    });
  }
  for (const limits of ['rows', 'rows=', 'rows=many', 'rows=-1', 'rows=1.5', 'row=1', 'rows=1;cost=1']) {
    it(`${limits} is no limit`, () => {
      throws(() => readKeyScopes(flags({ limits }), now), { code: 'MF802' });
    });
  }
});
