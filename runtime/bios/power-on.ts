import type { Settings } from '../../config/settings.ts';
import type { KeyMaterial } from '../protocol/key-material.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import type { Logger } from '../telemetry/logger.ts';
import { bootRecord } from './boot-record.ts';
import { type Configuration, createConfiguration } from './configuration.ts';
import { openDataFolder } from './data-folder.ts';
import { dataPaths } from './data-paths.ts';
import { deriveKeys } from './derive-keys.ts';
import { type DescribedSetting, describeSettings } from './describe-settings.ts';
import { type LoadSettingsOptions, loadSettings } from './load-settings.ts';
import { lockDataFolder } from './lock-data-folder.ts';
import { openMasterKey } from './master-key.ts';

/** What the machine has before any of its parts runs. */
export interface Power {
  /** Without the master key, which stays here. */
  readonly settings: Settings;
  readonly described: readonly DescribedSetting[];
  readonly keys: KeyMaterial;
  readonly paths: ReturnType<typeof dataPaths>;
  readonly firstRun: boolean;
  readonly lastSeen: string | undefined;
  readonly notes: readonly string[];
  readonly log: Logger;
  /** Where the settings came from, to read them again. */
  readonly configuration: Configuration;
  /** Remembers when this data was last used, and frees the data folder. */
  release(): void;
}

/**
 * Settings, data folder, lock, master key, log: in this order, since each needs the one before.
 * @throws MagFlockError MF701, MF703, MF705 or MF708
 */
export function powerOn(options: LoadSettingsOptions): Power {
  const loaded = loadSettings(options);
  const { dataDir, masterKey } = loaded.settings;
  const folder = openDataFolder(dataDir);
  const paths = dataPaths(dataDir);
  const lock = lockDataFolder(dataDir);
  try {
    const before = bootRecord.read(paths.boot);
    const master = openMasterKey({
      file: paths.masterKey,
      fromSettings: masterKey,
      expectedFingerprint: before?.masterKeyFingerprint,
    });
    const keys = deriveKeys(master.key);
    master.key.fill(0);
    const boots = (before?.boots ?? 0) + 1;
    const remember = (): void =>
      bootRecord.write(paths.boot, {
        masterKeyFingerprint: master.fingerprint,
        lastSeen: new Date().toISOString(),
        boots,
      });
    remember();
    return {
      settings: { ...loaded.settings, masterKey: null },
      described: describeSettings(loaded),
      keys,
      paths,
      firstRun: before === undefined,
      lastSeen: before?.lastSeen,
      notes: [...loaded.notes, ...folder.notes, ...master.notes],
      configuration: createConfiguration(options),
      log: createLogger({ level: loaded.settings['log.level'], part: '/', file: paths.log }),
      release() {
        try {
          remember();
        } finally {
          lock.release();
        }
      },
    };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}
