import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { controlAddress } from '../../runtime/bios/control-address.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the address of the control socket', () => {
  const folder = temporaryFolder();
  const longFolder = (): string => join(folder(), 'x'.repeat(120));

  it('is in the data folder', () => {
    assert.equal(controlAddress.socket(folder()), join(folder(), 'control.sock'));
  });

  it('is short and private when the path would be too long for a socket', () => {
    const socket = controlAddress.socket(longFolder());
    assert.ok(Buffer.byteLength(socket) <= 107, socket);
    assert.equal(statSync(dirname(socket)).mode & 0o777, 0o700);
    assert.equal(controlAddress.socket(longFolder()), socket, 'the same at each start');
    controlAddress.remove(longFolder(), socket);
    assert.equal(existsSync(dirname(socket)), false);
  });

  it('counts bytes, not letters', () => {
    assert.ok(Buffer.byteLength(controlAddress.socket(join(folder(), 'ä'.repeat(50)))) <= 107);
  });

  it('is refused when somebody else laid a link there', () => {
    const socket = controlAddress.socket(longFolder());
    rmSync(dirname(socket), { recursive: true });
    mkdirSync(join(folder(), 'theirs'));
    symlinkSync(join(folder(), 'theirs'), dirname(socket));
    try {
      assert.throws(() => controlAddress.socket(longFolder()), { code: 'MF705' });
    } finally {
      rmSync(dirname(socket));
    }
  });

  it('has a token for its owner only, another at each start', () => {
    const first = controlAddress.createToken(folder());
    assert.match(first, /^[\w-]{43}$/);
    assert.equal(readFileSync(join(folder(), 'control.token'), 'utf8').trim(), first);
    assert.equal(statSync(join(folder(), 'control.token')).mode & 0o777, 0o600);
    assert.notEqual(controlAddress.createToken(folder()), first);
  });
});
