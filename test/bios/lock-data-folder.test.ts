import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { daemonFacts } from '../../runtime/bios/daemon-facts.ts';
import { openDataFolder } from '../../runtime/bios/data-folder.ts';
import { dataPaths } from '../../runtime/bios/data-paths.ts';
import { lockDataFolder } from '../../runtime/bios/lock-data-folder.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const lockModule = new URL('../../runtime/bios/lock-data-folder.ts', import.meta.url).href;

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (thrown) {
    assert.ok(MagFlockError.is(thrown), String(thrown));
    return `${thrown.code} ${thrown.message}`;
  }
  return 'none';
}

describe('the data folder', () => {
  const folder = temporaryFolder();

  it('is made with all the folders above it, passable but not readable for others', () => {
    const path = join(folder(), 'a', 'b');
    assert.equal(openDataFolder(path).created, true);
    assert.equal(statSync(path).mode & 0o777, 0o711);
    assert.equal(openDataFolder(path).created, false);
  });

  it('is passable whatever the umask', () => {
    const before = process.umask(0o077);
    try {
      openDataFolder(join(folder(), 'x'));
    } finally {
      process.umask(before);
    }
    assert.equal(statSync(join(folder(), 'x')).mode & 0o777, 0o711);
  });

  it('that others may list is closed, and said', () => {
    mkdirSync(join(folder(), 'x'));
    chmodSync(join(folder(), 'x'), 0o755);
    assert.match(openDataFolder(join(folder(), 'x')).notes.join(), /mode 755\), closed to 711/);
    assert.equal(statSync(join(folder(), 'x')).mode & 0o777, 0o711);
  });

  it('that is a file is refused with the way out', () => {
    writeFileSync(join(folder(), 'x'), '');
    assert.match(
      codeOf(() => openDataFolder(join(folder(), 'x'))),
      /^MF705 .* is a file, not a folder/,
    );
    assert.match(
      codeOf(() => openDataFolder(join(folder(), 'x', 'y'))),
      /^MF705 /,
    );
  });

  it('of another user is refused', () => {
    const path = process.getuid?.() === 0 ? join(folder(), 'x') : '/';
    if (path !== '/') {
      mkdirSync(path);
      chownSync(path, 12_345, 12_345);
    }
    assert.match(
      codeOf(() => openDataFolder(path)),
      /^MF705 .* belongs to uid \d+, this process is uid/,
    );
  });
});

describe('the lock of the data folder', () => {
  const folder = temporaryFolder();

  /** A process that takes the lock and says so, then waits to be killed. */
  async function holder(): Promise<ReturnType<typeof spawn>> {
    const script = `
      const { lockDataFolder } = await import(${JSON.stringify(lockModule)});
      globalThis.lock = lockDataFolder(${JSON.stringify(folder())});
      console.log('locked');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout!, 'data');
    return child;
  }

  it('keeps a second daemon out, who is told pid and address of the first', async () => {
    const child = await holder();
    try {
      assert.match(
        codeOf(() => lockDataFolder(folder())),
        /^MF701 .* in use by another daemon that is just starting/,
      );
      daemonFacts.write(dataPaths(folder()).daemon, {
        pid: child.pid!,
        version: '0',
        startedAt: new Date().toISOString(),
        socket: '',
        url: 'http://127.0.0.1:1',
        adminUrl: null,
      });
      const told = codeOf(() => lockDataFolder(folder()));
      assert.match(told, new RegExp(`in use by pid ${child.pid} at http://127\\.0\\.0\\.1:1`));
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  });

  it('is free the moment its holder is killed', async () => {
    const child = await holder();
    child.kill('SIGKILL');
    await once(child, 'close');
    lockDataFolder(folder()).release();
  });

  it('is free after it was released', () => {
    lockDataFolder(folder()).release();
    lockDataFolder(folder()).release();
    assert.equal(statSync(dataPaths(folder()).lock).mode & 0o777, 0o600);
  });

  it('that is damaged says what to do', () => {
    writeFileSync(dataPaths(folder()).lock, 'not a database, but long enough to be taken for one'.repeat(20));
    assert.match(
      codeOf(() => lockDataFolder(folder())),
      /^MF705 the lock file/,
    );
  });
});
