import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type SettingDefinition,
  type SettingName,
  type Settings,
  settingDefinitions,
} from '../../config/settings.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { checkSettings } from './check-settings.ts';
import { readSetting, type SettingValue } from './read-setting.ts';
import type { SettingOrigin, SettingProblem } from './setting-origin.ts';
import { type SettingSource, settingSources } from './setting-sources.ts';

export interface LoadSettingsOptions {
  /**
   * Flags by name without dashes, `true` for one without a value. Besides the settings: `config` and
   * `env-file`, paths of the files to read.
   */
  readonly flags: Readonly<Record<string, string | true>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface LoadedSettings {
  readonly settings: Settings;
  readonly origins: Readonly<Record<SettingName, SettingOrigin>>;
  /** For the operator: which files were read, which names were ignored. */
  readonly notes: readonly string[];
}

const configName = 'magflock.config.jsonc';

/**
 * All settings: flags > environment > .env > file > defaults, each with its origin.
 * One .env file is read, the working folder's or else the data folder's; none when NODE_ENV is `production`
 * unless `--env-file` names it. `dataDir` comes back absolute.
 * @throws MagFlockError MF703 with every problem at once in `details.why`, a line each
 */
export function loadSettings(options: LoadSettingsOptions): LoadedSettings {
  const { config, 'env-file': envFileFlag, ...settingFlags } = options.flags;
  const notes: string[] = [];
  const problems: SettingProblem[] = [];
  const flags = settingSources.flags(settingFlags);
  const environment = settingSources.environment(options.env);

  const configPath = textOf(config) ?? options.env['MAGFLOCK_CONFIG'];
  const found = resolve(options.cwd, configPath ?? configName);
  const file = configPath !== undefined || existsSync(found) ? settingSources.file(found) : undefined;
  if (file !== undefined) notes.push(`settings from ${found}`);

  const sources = [flags, environment, file].filter((source) => source !== undefined);
  const envPath = chooseEnvFile(
    options,
    textOf(envFileFlag),
    dataDirOf(sources, options.cwd),
    notes,
    problems,
  );
  const envFile = envPath === undefined ? undefined : settingSources.envFile(envPath);

  const ordered = [flags, environment, envFile, file].filter((source) => source !== undefined);
  for (const source of ordered) {
    problems.push(...source.problems);
    notes.push(...source.notes);
  }
  const { settings, origins } = resolveAll(ordered, options.cwd, problems);
  if (problems.length > 0) throw problemsAsError(problems);
  return { settings, origins, notes };
}

function resolveAll(
  sources: readonly SettingSource[],
  cwd: string,
  problems: SettingProblem[],
): { settings: Settings; origins: Record<SettingName, SettingOrigin> } {
  const values: Partial<Record<SettingName, SettingValue>> = {};
  const origins = {} as Record<SettingName, SettingOrigin>;
  for (const name of Object.keys(settingDefinitions) as SettingName[]) {
    const definition: SettingDefinition = settingDefinitions[name];
    values[name] = definition.default;
    origins[name] = { source: 'default', where: 'default' };
    // Lowest first: a wrong value is reported wherever it stands, also where a stronger source covers it.
    for (const source of sources.toReversed()) {
      const found = source.found.get(name);
      if (found === undefined) continue;
      const read = readSetting(definition, found.raw, found.fromText);
      if (read.ok) {
        values[name] = read.value;
        origins[name] = found.origin;
      } else problems.push(problemOf(name, found.origin.where, found.raw, read.expected));
    }
  }
  values.dataDir = resolve(cwd, String(values.dataDir));
  const settings = values as Settings;
  for (const { setting, expected } of checkSettings(settings))
    problems.push(problemOf(setting, origins[setting].where, settings[setting], expected));
  return { settings, origins };
}

function problemOf(name: SettingName, where: string, raw: unknown, expected: string): SettingProblem {
  const secret = 'secret' in settingDefinitions[name];
  const shown = secret ? 'a value that is not shown' : JSON.stringify(raw);
  return { code: 'MF703', where, message: `${name} is ${shown}`, fix: `expected ${expected}` };
}

function problemsAsError(problems: readonly SettingProblem[]): MagFlockError {
  const lines = problems.map(({ where, message, fix }) => `${where}: ${message}; ${fix}`);
  const count = problems.length === 1 ? 'one setting is' : `${problems.length} settings are`;
  return new MagFlockError('MF703', `${count} not right`, {
    details: { why: lines.join('\n') },
    fix: 'correct what each line names; magflock config show --origin lists all settings',
  });
}

/** The data folder as known before the .env file is read, since that file may lie in it. */
function dataDirOf(sources: readonly SettingSource[], cwd: string): string {
  const named = sources
    .map((source) => source.found.get('dataDir')?.raw)
    .find((raw) => typeof raw === 'string');
  return resolve(cwd, named ?? settingDefinitions.dataDir.default);
}

function chooseEnvFile(
  options: LoadSettingsOptions,
  named: string | undefined,
  dataDir: string,
  notes: string[],
  problems: SettingProblem[],
): string | undefined {
  const asked = named ?? options.env['MAGFLOCK_ENV_FILE'];
  if (asked !== undefined) {
    const path = resolve(options.cwd, asked);
    if (existsSync(path)) {
      notes.push(`environment from ${path}`);
      return path;
    }
    problems.push({
      code: 'MF703',
      where: '--env-file',
      message: `${path}: no such file`,
      fix: 'check the path',
    });
    return undefined;
  }
  const present = [join(options.cwd, '.env'), join(dataDir, '.env')].filter((path) => existsSync(path));
  const [first, second] = [...new Set(present)];
  if (first === undefined) return undefined;
  if (options.env['NODE_ENV'] === 'production') {
    notes.push(`${first} not read because NODE_ENV is production; --env-file ${first} reads it`);
    return undefined;
  }
  notes.push(`environment from ${first}${second === undefined ? '' : `; ${second} not read, one file only`}`);
  return first;
}

function textOf(flag: string | true | undefined): string | undefined {
  return typeof flag === 'string' ? flag : undefined;
}
