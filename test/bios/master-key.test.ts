import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootRecord } from '../../runtime/bios/boot-record.ts';
import { deriveKeys } from '../../runtime/bios/derive-keys.ts';
import { openMasterKey } from '../../runtime/bios/master-key.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const given = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

describe('the master key', () => {
  const folder = temporaryFolder();
  const file = (): string => join(folder(), 'master.key');
  const open = (fromSettings: string | null = null, expectedFingerprint?: string) =>
    openMasterKey({ file: file(), fromSettings, expectedFingerprint });
  const refusal = (act: () => unknown): string => {
    try {
      act();
    } catch (thrown) {
      assert.ok(MagFlockError.is(thrown));
      assert.equal(thrown.code, 'MF708');
      assert.doesNotMatch(JSON.stringify(thrown.toEnvelope()), new RegExp(given));
      return thrown.message;
    }
    return 'not refused';
  };

  it('is made once, for its owner only', () => {
    const first = open();
    assert.equal(first.source, 'created');
    assert.equal(first.key.length, 32);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
    const second = open(null, first.fingerprint);
    assert.equal(second.source, 'file');
    assert.deepEqual(second.key, first.key);
  });

  it('from the settings wins over the file and is not written anywhere', () => {
    open();
    const written = readFileSync(file(), 'utf8');
    assert.equal(open(given).key.toString('hex'), given);
    assert.equal(readFileSync(file(), 'utf8'), written);
  });

  it('whose file others could read is closed, and said', () => {
    open();
    chmodSync(file(), 0o644);
    assert.match(open().notes.join(), /mode 644\), closed to 600; consider it known/);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
  });

  it('other than the one the data was made with is refused', () => {
    const { fingerprint } = open();
    assert.match(
      refusal(() => open(given, fingerprint)),
      /^the master key from the setting masterKey is not the one/,
    );
  });

  it('that is lost is not made again for existing data', () => {
    const { fingerprint } = open();
    rmSync(file());
    assert.match(
      refusal(() => open(null, fingerprint)),
      /is missing, and this data was made with one/,
    );
  });

  it('that is damaged is refused', () => {
    writeFileSync(file(), 'abc');
    assert.match(
      refusal(() => open()),
      /is not 64 hex digits/,
    );
  });

  it('is told apart by a fingerprint that does not contain it', () => {
    const { fingerprint, key } = open(given);
    assert.match(fingerprint, /^[0-9a-f]{16}$/);
    assert.ok(!key.toString('hex').includes(fingerprint));
  });
});

describe('derived keys', () => {
  const keys = deriveKeys(Buffer.from(given, 'hex'));

  it('are one of 32 bytes per purpose, all different', () => {
    assert.deepEqual(Object.keys(keys), ['logins', 'audit', 'signatures', 'tokens', 'secrets', 'authority']);
    assert.equal(new Set([...Object.values(keys), given]).size, 7);
    for (const key of Object.values(keys)) assert.match(key, /^[0-9a-f]{64}$/);
  });

  it('are the same on every boot', () => {
    assert.deepEqual(deriveKeys(Buffer.from(given, 'hex')), keys);
    // HKDF-SHA-256 with empty salt, info "magflock/v1/audit"; computed with openssl kdf.
    assert.equal(keys.audit, '8ce958923cc0bc302d9649f50853a279aba2e85360a2d0f572477c93c2bb46aa');
  });
});

describe('the boot record', () => {
  const folder = temporaryFolder();

  it('is there again as written', () => {
    const path = join(folder(), 'boot.json');
    assert.equal(bootRecord.read(path), undefined);
    const record = { masterKeyFingerprint: 'ab', lastSeen: '2026-01-01T00:00:00.000Z', boots: 3 };
    bootRecord.write(path, record);
    assert.deepEqual(bootRecord.read(path), record);
  });

  it('that is damaged stops the boot instead of counting as a first one', () => {
    const path = join(folder(), 'boot.json');
    for (const text of ['{"boots":', '{}', '']) {
      writeFileSync(path, text);
      assert.throws(() => bootRecord.read(path), /is damaged/);
    }
  });
});
