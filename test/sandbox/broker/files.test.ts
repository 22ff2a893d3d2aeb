import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { FileLedger } from '../../../sandbox/broker/capabilities/files/file-ledger.ts';
import { filesCapability } from '../../../sandbox/broker/capabilities/files.capability.ts';
import type { Capability, CapabilityCall } from '../../../sandbox/broker/capability.ts';
import { createMeter } from '../../../sandbox/quota/create-meter.ts';
import type { ExtensionMeter } from '../../../sandbox/quota/extension-meter.ts';
import { resolveLimits } from '../../../sandbox/quota/resolve-limits.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { aCall } from './a-call.ts';
import { refusedWith } from './refused-with.ts';

function argumentsOf(method: string, path: unknown): unknown[] {
  return method === 'write' ? [path, 'x'] : [path];
}

describe('sandbox: files', () => {
  const folder = temporaryFolder();
  let capability: Capability;
  let meter: ExtensionMeter;
  const own = (): string => join(folder(), 'acme.one', 'main');

  function meterOf(diskMegabytes: number): ExtensionMeter {
    return createMeter({ id: 'acme.one', limits: resolveLimits({ diskMegabytes }), exceeded() {} });
  }
  beforeEach(() => {
    capability = filesCapability({ folder: folder() });
    meter = meterOf(1);
  });

  function run(method: string, args: unknown[], more: Partial<CapabilityCall> = {}): Promise<unknown> {
    const call = aCall({ args, spend: (quota, amount) => meter.spend(quota, amount), ...more });
    return capability.methods[method]?.(call) as Promise<unknown>;
  }

  it('writes, reads, lists and removes', async () => {
    assert.deepEqual(await run('write', ['a/b.txt', 'größe']), { bytes: 7 });
    assert.equal(await run('read', ['a/b.txt']), 'größe');
    assert.equal(await run('read', ['a/b.txt', 'base64']), Buffer.from('größe').toString('base64'));
    assert.deepEqual(await run('list', []), [{ name: 'a', kind: 'folder', bytes: 0 }]);
    assert.deepEqual(await run('list', ['a']), [{ name: 'b.txt', kind: 'file', bytes: 7 }]);
    assert.deepEqual(await run('remove', ['a/b.txt']), { removed: true });
    assert.deepEqual(await run('remove', ['a/b.txt']), { removed: false });
    // The folder goes with its last file.
    assert.deepEqual(await run('list', ['']), []);
    await assert.rejects(run('read', ['a/b.txt']), refusedWith('MF104'));
  });

  it('keeps bytes that are no text', async () => {
    const bytes = Buffer.from([0, 255, 254, 10]).toString('base64');
    await run('write', ['x', bytes, { encoding: 'base64' }]);
    assert.equal(await run('read', ['x', { encoding: 'base64' }]), bytes);
    await assert.rejects(run('read', ['x']), refusedWith('MF673', { rule: 'content' }));
  });

  it('projects and extensions do not see each other', async () => {
    await run('write', ['x', 'mine']);
    await assert.rejects(run('read', ['x'], { project: 'shop' }), refusedWith('MF104'));
    await assert.rejects(run('read', ['x'], { extension: 'acme.two' }), refusedWith('MF104'));
    await assert.rejects(run('read', ['x'], { project: '../main' }), refusedWith('MF673', { rule: 'path' }));
  });

  const paths: readonly unknown[] = [
    '/etc/passwd',
    '..',
    '../x',
    'a/../../x',
    'a/..',
    './x',
    'a//b',
    'a/',
    'a\\b',
    '..\\x',
    'C:x',
    'x\0.txt',
    'x\n',
    'x\u202egpj.exe',
    'a'.repeat(101),
    'a/b/c/d/e/f/g/h/i',
    '語'.repeat(90),
    'con',
    'NUL.txt',
    'LPT1',
    '.mg-x',
    'x.',
    'x ',
    ' x',
    'e\u0301',
    '\ud800',
    'x'.repeat(100_000),
    null,
    1,
    ['x'],
    { toString: 'x' },
    undefined,
  ];
  for (const path of paths) {
    it(`refuses the path ${JSON.stringify(path)?.slice(0, 40)}`, async () => {
      for (const method of ['read', 'write', 'remove']) {
        await assert.rejects(
          run(method, argumentsOf(method, path)),
          refusedWith('MF673', { rule: 'path' }),
          method,
        );
      }
    });
  }

  it('the folder itself is no file', async () => {
    for (const method of ['read', 'write', 'remove']) {
      await assert.rejects(
        run(method, argumentsOf(method, '')),
        refusedWith('MF673', { rule: 'folder' }),
        method,
      );
    }
  });

  it('a folder is no file, and a file no folder', async () => {
    await run('write', ['a/b', 'x']);
    for (const method of ['read', 'write', 'remove']) {
      await assert.rejects(
        run(method, argumentsOf(method, 'a')),
        refusedWith('MF673', { rule: 'folder' }),
        method,
      );
      await assert.rejects(
        run(method, argumentsOf(method, 'a/b/c')),
        refusedWith('MF673', { rule: 'folder' }),
        method,
      );
    }
  });

  describe('what came another way', () => {
    let canary = '';
    beforeEach(() => {
      canary = join(folder(), 'canary');
      writeFileSync(canary, 'canary');
      mkdirSync(join(folder(), 'outside'));
      writeFileSync(join(folder(), 'outside', 'x'), 'canary');
      mkdirSync(own(), { recursive: true });
    });
    afterEach(() => {
      assert.equal(readFileSync(canary, 'utf8'), 'canary');
      assert.equal(readFileSync(join(folder(), 'outside', 'x'), 'utf8'), 'canary');
      assert.deepEqual(readdirSync(join(folder(), 'outside')), ['x']);
    });

    const strange: readonly (readonly [name: string, make: () => void, path: string, rule: string])[] = [
      ['a link to a file', () => symlinkSync(canary, join(own(), 'l')), 'l', 'link'],
      ['a link to nothing', () => symlinkSync(join(folder(), 'none'), join(own(), 'l')), 'l', 'link'],
      ['a link to a folder', () => symlinkSync(join(folder(), 'outside'), join(own(), 'l')), 'l/x', 'link'],
      ['a link to the folder above', () => symlinkSync('..', join(own(), 'l')), 'l/main/x', 'link'],
      ['a link to itself', () => symlinkSync('l', join(own(), 'l')), 'l', 'link'],
      ['a second name of a file', () => linkSync(canary, join(own(), 'l')), 'l', 'link'],
      ['a pipe', () => void execFileSync('mkfifo', [join(own(), 'l')]), 'l', 'special'],
      [
        'a folder replaced by a link',
        () => {
          renameSync(own(), `${own()}.old`);
          symlinkSync(join(folder(), 'outside'), own());
        },
        'x',
        'link',
      ],
    ];
    for (const [name, make, path, rule] of strange) {
      it(`refuses ${name}`, async () => {
        make();
        for (const method of ['read', 'write', 'remove']) {
          await assert.rejects(
            run(method, argumentsOf(method, path)),
            refusedWith('MF673', { rule }),
            method,
          );
        }
        assert.ok(!existsSync(join(folder(), 'none')));
      });
    }

    it('lists no links and no pipes', async () => {
      symlinkSync(canary, join(own(), 'l'));
      execFileSync('mkfifo', [join(own(), 'p')]);
      await run('write', ['x', '1']);
      assert.deepEqual(await run('list', []), [{ name: 'x', kind: 'file', bytes: 1 }]);
    });

    it('removes what a crash left half-written', async () => {
      writeFileSync(join(own(), '.mg-0123'), 'half');
      await run('write', ['x', '1']);
      assert.deepEqual(readdirSync(own()), ['x']);
    });
  });

  it('a project whose folder an operator moved elsewhere by a link above is refused', async () => {
    mkdirSync(join(folder(), 'elsewhere', 'main'), { recursive: true });
    symlinkSync(join(folder(), 'elsewhere'), join(folder(), 'acme.one'));
    const written = run('write', ['x', '1']);
    await assert.rejects(written, refusedWith('MF673', { rule: 'link' }));
  });

  it('fills its disk and no more, and gets room back', async () => {
    const half = 'x'.repeat(512 * 1024);
    await run('write', ['a', half]);
    await run('write', ['b', half]);
    await assert.rejects(run('write', ['c', 'x']), refusedWith('MF664', { limit: 'diskMegabytes' }));
    assert.deepEqual(readdirSync(own()).sort(), ['a', 'b']);
    // Replacing costs the difference only.
    await run('write', ['b', half]);
    await run('write', ['b', 'x']);
    await run('write', ['c', 'x']);
    await run('remove', ['a']);
    assert.equal(meter.usage().diskBytes, 2 * 4096);
  });

  it('many small files are not free', async () => {
    meter = meterOf(0.05);
    const kept: unknown[] = [];
    for (let n = 0; n < 20; n += 1) kept.push(await run('write', [`f${n}`, '']).catch(() => undefined));
    assert.equal(kept.filter((one) => one !== undefined).length, 12);
  });

  it('writes at the same time do not share the same room', async () => {
    const half = 'x'.repeat(600 * 1024);
    const done = await Promise.allSettled([run('write', ['a', half]), run('write', ['b', half])]);
    assert.deepEqual(done.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal(readdirSync(own()).length, 1);
  });

  it('changes of one file at the same time count it once', async () => {
    await Promise.all([run('write', ['a', 'x']), run('write', ['a', 'y']), run('write', ['a', 'z'])]);
    assert.equal(meter.usage().diskBytes, 4096);
    await Promise.all([run('remove', ['a']), run('remove', ['a'])]);
    assert.equal(meter.usage().diskBytes, 0);
    assert.equal(await run('read', ['a']).catch(() => 'gone'), 'gone');
  });

  it('two versions in a hot swap count as one what both keep', async () => {
    const ledger = new FileLedger();
    const versions = [1, 2].map(() => {
      const own = meterOf(1);
      const made = filesCapability({ folder: folder(), ledger });
      const write = (path: string, bytes: number) =>
        made.methods['write']?.(
          aCall({ args: [path, 'x'.repeat(bytes)], spend: (quota, amount) => own.spend(quota, amount) }),
        ) as Promise<unknown>;
      return { own, made, write };
    });
    const [before, after] = versions as [(typeof versions)[0], (typeof versions)[0]];
    await before.write('a', 400_000);
    await after.write('b', 400_000);
    // The old one ends its calls; each of the two alone would have room for this.
    await assert.rejects(before.write('c', 400_000), refusedWith('MF664'));
    await assert.rejects(after.write('c', 400_000), refusedWith('MF664'));
    await before.write('b', 4_096);
    await before.made.release?.('acme.one');
    await after.write('c', 400_000);
    assert.equal(after.own.usage().diskBytes, 2 * 98 * 4096 + 4096);
    await after.made.release?.('acme.one');
  });

  it('measures what is there already; over a lowered quota it can still read and remove', async () => {
    await run('write', ['a', 'x'.repeat(900 * 1024)]);
    await run('write', ['b', 'x']);
    await capability.release?.('acme.one');
    meter = meterOf(0.5);
    assert.equal(((await run('read', ['b'])) as string).length, 1);
    await assert.rejects(run('write', ['b', 'y']), refusedWith('MF664'));
    await run('remove', ['a']);
    await run('write', ['b', 'y']);
    assert.equal(meter.usage().diskBytes, 4096);
  });

  it('a file that is too long is refused before anything is written', async () => {
    meter = meterOf(64);
    await assert.rejects(
      run('write', ['a', 'x'.repeat(8 * 1024 * 1024 + 1)]),
      refusedWith('MF673', { rule: 'size' }),
    );
    assert.ok(!existsSync(own()));
  });

  it('keeps so many files and no more', async () => {
    capability = filesCapability({ folder: folder(), mostFiles: 100 });
    mkdirSync(own(), { recursive: true });
    for (let n = 0; n < 99; n += 1) writeFileSync(join(own(), `f${n}`), '');
    await run('write', ['last', 'x']);
    await assert.rejects(run('write', ['more', 'x']), refusedWith('MF673', { rule: 'count' }));
    await run('write', ['last', 'y']);
    await run('remove', ['f0']);
    await run('write', ['more', 'x']);
  });

  it('refused writes leave no folders', async () => {
    meter = meterOf(0.001);
    await assert.rejects(run('write', ['a/b/c/d', 'x']), refusedWith('MF664'));
    assert.ok(!existsSync(join(own(), 'a')));
  });

  it('a write whose call has ended does not happen', async () => {
    const ended = AbortSignal.abort(new Error('ended'));
    await assert.rejects(run('write', ['a', 'x'], { signal: ended }), /ended/);
    assert.ok(!existsSync(join(own(), 'a')));
  });

  it('a reader sees the old content or the new, never half', async () => {
    const [old, young] = ['o'.repeat(300_000), 'y'.repeat(300_000)];
    await run('write', ['a', old]);
    const [, ...read] = await Promise.all([
      run('write', ['a', young]),
      ...Array.from({ length: 20 }, () => run('read', ['a'])),
    ]);
    assert.ok(read.every((text) => text === old || text === young));
  });
});
