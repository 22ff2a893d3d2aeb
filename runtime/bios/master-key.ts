import { hkdfSync, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { MagFlockError } from '../errors/magflock-error.ts';

export interface MasterKeyOptions {
  /** The file in the data folder. */
  readonly file: string;
  /** Value of the setting `masterKey`; it wins over the file. */
  readonly fromSettings: string | null;
  /** Fingerprint of the key this data was made with; undefined on the first boot. */
  readonly expectedFingerprint: string | undefined;
}

export interface MasterKey {
  readonly key: Buffer;
  /** Tells two keys apart and says nothing about them. */
  readonly fingerprint: string;
  readonly source: 'settings' | 'file' | 'created';
  readonly notes: readonly string[];
}

/**
 * The master key: from the settings, from its file, or made on the first run (32 random bytes, file 0600).
 * A key other than the one the data was made with is refused, because everything derived from it (database
 * passwords, the audit's MACs, stored secrets) would silently stop fitting; for the same reason a lost file is
 * not made again.
 * @throws MagFlockError MF708
 */
export function openMasterKey(options: MasterKeyOptions): MasterKey {
  const notes: string[] = [];
  let source: MasterKey['source'] = 'settings';
  let hex = options.fromSettings ?? undefined;
  if (hex === undefined) {
    source = 'file';
    hex = existsSync(options.file) ? readKeyFile(options.file, notes) : undefined;
  }
  if (hex === undefined) {
    if (options.expectedFingerprint !== undefined) {
      throw new MagFlockError(
        'MF708',
        `the master key ${options.file} is missing, and this data was made with one`,
        {
          fix: 'restore the file from your backup, or give the key in MAGFLOCK_MASTER_KEY',
          details: { fingerprint: options.expectedFingerprint },
        },
      );
    }
    source = 'created';
    hex = createKeyFile(options.file);
  }
  const key = Buffer.from(hex, 'hex');
  const fingerprint = Buffer.from(hkdfSync('sha256', key, '', 'magflock/v1/fingerprint', 8)).toString('hex');
  if (options.expectedFingerprint !== undefined && fingerprint !== options.expectedFingerprint) {
    const from = source === 'settings' ? 'the setting masterKey' : options.file;
    throw new MagFlockError('MF708', `the master key from ${from} is not the one this data was made with`, {
      fix: 'give back the original key; this data cannot be read with another',
      details: { expected: options.expectedFingerprint, found: fingerprint },
    });
  }
  return { key, fingerprint, source, notes };
}

function readKeyFile(file: string, notes: string[]): string {
  try {
    const stats = statSync(file);
    if ((stats.mode & 0o077) !== 0) {
      chmodSync(file, 0o600);
      const mode = (stats.mode & 0o777).toString(8);
      notes.push(
        `master.key was readable by others (mode ${mode}), closed to 600; consider it known to them`,
      );
    }
    const text = readFileSync(file, 'utf8').trim();
    if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  } catch (thrown) {
    const why = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
    throw new MagFlockError('MF708', `the master key ${file} cannot be read: ${why}`, {
      fix: 'start as the user who owns the data folder',
    });
  }
  throw new MagFlockError('MF708', `the master key ${file} is not 64 hex digits`, {
    fix: 'restore the file from your backup',
  });
}

/** Written and synced before anything is encrypted with it: a key lost in a power cut takes the data along. */
function createKeyFile(file: string): string {
  const hex = randomBytes(32).toString('hex');
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, `${hex}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return hex;
}
