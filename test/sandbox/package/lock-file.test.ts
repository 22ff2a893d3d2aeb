import assert from 'node:assert/strict';
import * as files from 'node:fs';
import { join } from 'node:path';
import type { LockState } from '../../../sandbox/lifecycle/lock-state.ts';
import { lockFile } from '../../../sandbox/package/lock-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { plainManifest } from './package-of.ts';

const hash = 'a'.repeat(64);
const hello: LockState['extensions'][number] = {
  id: 'acme.hello',
  name: 'hello',
  version: '1.0.0',
  publisher: 'acme',
  trust: 'signed',
  signature: 'signed',
  sha256: hash,
  contents: hash,
  folder: '/data/extensions/installed/acme.hello/1.0.0',
  manifest: plainManifest,
  grants: [{ ...plainManifest.permissions[0], grantedAt: '2026-01-01T00:00:00Z' }],
  projects: ['main'],
  config: { greeting: 'hi', times: 2, loud: false },
  wanted: 'enabled',
  reason: null,
  installedAt: '2026-01-01T00:00:00Z',
};
const update: LockState['staged'][number] = {
  id: 'acme.hello',
  version: '1.1.0',
  sha256: hash,
  permissions: [{ capability: 'files', scope: ['*'], reason: 'It keeps.' }],
  projects: ['main'],
  config: {},
  allowUnsigned: false,
  stagedAt: '2026-01-02T00:00:00Z',
};
const before: LockState = { format: 1, extensions: [hello], staged: [update], kept: [] };
const after: LockState = {
  ...before,
  extensions: [{ ...hello, wanted: 'quarantined', reason: 'it looped' }],
  staged: [],
};
const steps = ['copyFileSync', 'openSync', 'fsyncSync', 'closeSync', 'renameSync', 'writeSync'] as const;

/** `node:fs` that dies before (or, for writing, in the middle of) its nth step; counts them when it is never reached. */
function dyingAt(nth: number): { readonly fs: typeof files; readonly taken: () => number } {
  let count = 0;
  const all: Readonly<Record<string, unknown>> = { ...files };
  const fs: Record<string, unknown> = { ...files };
  for (const name of steps) {
    const real = all[name] as (...args: unknown[]) => unknown;
    fs[name] = (...args: unknown[]) => {
      count += 1;
      if (count < nth) return real(...args);
      if (name === 'writeSync' && count === nth) real(args[0], (args[1] as Buffer).subarray(0, 100));
      throw new Error('power-off');
    };
  }
  return { fs: fs as unknown as typeof files, taken: () => count };
}

describe('sandbox: lock file', () => {
  const folder = temporaryFolder();
  const path = (): string => join(folder(), 'extensions.lock.json');

  it('is empty before the first installation, and gives back what was written', () => {
    assert.deepEqual(lockFile.read(path()), { format: 1, extensions: [], staged: [], kept: [] });
    lockFile.write(path(), before);
    assert.deepEqual(lockFile.read(path()), before);
    assert.equal(files.statSync(path()).mode & 0o777, 0o600);
    lockFile.write(path(), after);
    assert.deepEqual(lockFile.read(path()), after);
    assert.deepEqual(lockFile.read(`${path()}.bak`), before);
  });

  it('is the old or the new one when the machine dies at any step', () => {
    lockFile.write(path(), before);
    const { fs, taken } = dyingAt(Number.POSITIVE_INFINITY);
    lockFile.write(path(), before, fs);
    assert.ok(taken() >= 10, `only ${taken()} steps`);
    const seen = new Set<string>();
    for (let nth = 1; nth <= taken(); nth += 1) {
      // Twice, so that the backup holds it too.
      lockFile.write(path(), before);
      lockFile.write(path(), before);
      assert.throws(() => lockFile.write(path(), after, dyingAt(nth).fs), /power-off/);
      const now = lockFile.read(path());
      const which = now.staged.length === 1 ? 'old' : 'new';
      assert.deepEqual(now, which === 'old' ? before : after, `step ${nth}`);
      assert.deepEqual(lockFile.read(`${path()}.bak`), before, `backup at step ${nth}`);
      seen.add(which);
      // What was left half-way does not hinder the next one.
      lockFile.write(path(), after);
      assert.deepEqual(lockFile.read(path()), after);
    }
    assert.deepEqual([...seen].sort(), ['new', 'old']);
  });

  const damaged: readonly (readonly [name: string, text: string, why: RegExp])[] = [
    ['cut off', JSON.stringify(before).slice(0, -20), /JSON|Expected|Unterminated/],
    ['empty', '', /JSON/],
    ['of a later format', JSON.stringify({ ...before, format: 2 }), /format must be at most 1/],
    ['with an unknown field', JSON.stringify({ ...before, extra: 1 }), /extra is no field here/],
    [
      'with an unknown state',
      JSON.stringify({ ...before, extensions: [{ ...hello, wanted: 'on' }] }),
      /extensions\.0\.wanted must be one of/,
    ],
    [
      'without a hash',
      JSON.stringify({ ...before, extensions: [{ ...hello, sha256: 'x' }] }),
      /sha256 must match/,
    ],
    [
      'with the same id twice',
      JSON.stringify({ ...before, extensions: [hello, hello] }),
      /two extensions have the id acme\.hello/,
    ],
    [
      'with the manifest of another',
      JSON.stringify({ ...before, extensions: [{ ...hello, version: '2.0.0' }] }),
      /manifest of another extension/,
    ],
    [
      'with an update of nothing',
      JSON.stringify({ ...before, extensions: [] }),
      /an update of acme\.hello waits/,
    ],
    [
      'with a key twice',
      JSON.stringify(before).replace('{', '{"format":1,'),
      /the key format is there twice/,
    ],
  ];
  for (const [name, text, why] of damaged) {
    it(`${name} is refused, with the way to repair it`, () => {
      files.writeFileSync(path(), text);
      assert.throws(
        () => lockFile.read(path()),
        (error: { code: string; message: string; fix: string }) => {
          assert.equal(error.code, 'MF705');
          assert.match(error.message, why);
          assert.match(error.fix, /stop the daemon/);
          return true;
        },
      );
    });
  }

  it('that is gone while its backup is there is refused', () => {
    lockFile.write(path(), before);
    lockFile.write(path(), after);
    files.rmSync(path());
    assert.throws(() => lockFile.read(path()), { code: 'MF705', message: /its backup is there/ });
  });

  it('is not written when it contradicts itself', () => {
    lockFile.write(path(), before);
    assert.throws(() => lockFile.write(path(), { ...before, extensions: [hello, hello] }), { code: 'MF705' });
    assert.deepEqual(lockFile.read(path()), before);
  });
});
