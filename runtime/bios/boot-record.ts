import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { MagFlockError } from '../errors/magflock-error.ts';

/** What the BIOS remembers of a data folder from one boot to the next (`boot.json`). */
export interface BootRecord {
  /** Of the master key this data was made with. */
  readonly masterKeyFingerprint: string;
  /** When a daemon last started or stopped here, ISO 8601. */
  readonly lastSeen: string;
  readonly boots: number;
}

/** `boot.json`: replaced whole, and on the disk before the call returns, so that a power cut leaves the old or the new. */
export const bootRecord = {
  /**
   * The record, or undefined before the first boot.
   * @throws MagFlockError MF705 when it is damaged: going on would take a new master key for the old data
   */
  read(path: string): BootRecord | undefined {
    if (!existsSync(path)) return undefined;
    try {
      const record = JSON.parse(readFileSync(path, 'utf8')) as BootRecord;
      if (typeof record.masterKeyFingerprint === 'string') return record;
    } catch {
      // Told below, as for a file that is JSON but not ours.
    }
    throw new MagFlockError('MF705', `${path} is damaged`, {
      fix: 'restore it from your backup; without backup remove it, provided master.key is the original one',
    });
  },

  write(path: string, record: BootRecord): void {
    const draft = `${path}.new`;
    const descriptor = openSync(draft, 'w', 0o600);
    try {
      writeSync(descriptor, `${JSON.stringify(record, null, 2)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  },
} as const;
