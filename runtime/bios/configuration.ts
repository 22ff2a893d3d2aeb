import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type SettingDefinition, type SettingName, settingDefinitions } from '../../config/settings.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { type LoadedSettings, type LoadSettingsOptions, loadSettings } from './load-settings.ts';
import { readSetting } from './read-setting.ts';
import { setInJsonc } from './set-in-jsonc.ts';

/** The settings of a running daemon, where they come from. */
export interface Configuration {
  /** All of them as a restart would find them. Throws MF703 with every problem. */
  read(): LoadedSettings;
  /**
   * Writes a setting, given as text, into the configuration file, which is made when there is none. Throws MF703 for
   * a wrong value, MF704 for an unknown name, MF644 for what the file cannot hold; then it is as it was.
   */
  write(name: string, value: string): LoadedSettings & { readonly overruledBy: string | undefined };
}

/** @param options with which the daemon read its settings at the start */
export function createConfiguration(options: LoadSettingsOptions): Configuration {
  const given = options.flags['config'] ?? options.env['MAGFLOCK_CONFIG'] ?? 'magflock.config.jsonc';
  const path = resolve(options.cwd, String(given));
  // The master key is kept by the boot alone.
  const load = (file?: string): LoadedSettings => {
    const loaded = loadSettings(
      file === undefined ? options : { ...options, flags: { ...options.flags, config: file } },
    );
    return { ...loaded, settings: { ...loaded.settings, masterKey: null } };
  };
  return {
    read: () => load(),
    write(name, value) {
      const setting = settingOf(name);
      const typed = readSetting(settingDefinitions[setting], value, true);
      if (!typed.ok) {
        throw new MagFlockError(
          'MF703',
          `${name} cannot be ${JSON.stringify(value)}; expected ${typed.expected}`,
        );
      }
      // What is wrong in the file already is reported before anything is written.
      load();
      const draft = `${path}.${process.pid}.draft`;
      try {
        const known = existsSync(path);
        const text = known ? readFileSync(path, 'utf8') : '{}\n';
        const mode = known ? statSync(path).mode & 0o777 : 0o600;
        writeFileSync(draft, setInJsonc(text, setting, typed.value), { mode });
        const loaded = load(draft);
        renameSync(draft, path);
        const { source, where } = loaded.origins[setting];
        return { ...loaded, overruledBy: source === 'file' ? undefined : where };
      } catch (thrown) {
        if (MagFlockError.is(thrown)) throw thrown;
        throw new MagFlockError('MF644', `${path}: ${(thrown as Error).message}`, { cause: thrown });
      } finally {
        rmSync(draft, { force: true });
      }
    },
  };
}

function settingOf(name: string): SettingName {
  const names = Object.keys(settingDefinitions);
  if (!names.includes(name)) {
    const nearest = didYouMean(name, names);
    throw new MagFlockError('MF704', `there is no setting ${name}`, {
      fix: nearest === undefined ? 'magflock config show lists all settings' : `did you mean ${nearest}?`,
    });
  }
  const { secret, env }: SettingDefinition = settingDefinitions[name as SettingName];
  if (secret === true) {
    throw new MagFlockError(
      'MF644',
      `${name} is a secret and is not written into a file that is shown around`,
      {
        fix: `name a file with it in ${env[0]}_FILE`,
      },
    );
  }
  return name as SettingName;
}
