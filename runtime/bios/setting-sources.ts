import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { type SettingDefinition, type SettingName, settingDefinitions } from '../../config/settings.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import { parseJsonc } from './parse-jsonc.ts';
import { settingFlag } from './setting-flag.ts';
import type { SettingOrigin, SettingProblem } from './setting-origin.ts';

/** What one source says, before types are looked at. */
export interface SettingSource {
  readonly found: ReadonlyMap<SettingName, { raw: unknown; fromText: boolean; origin: SettingOrigin }>;
  readonly problems: readonly SettingProblem[];
  readonly notes: readonly string[];
}

type Found = Map<SettingName, { raw: unknown; fromText: boolean; origin: SettingOrigin }>;
const names = Object.keys(settingDefinitions) as SettingName[];

function unknown(where: string, shown: string, typed: string, known: readonly string[]): SettingProblem {
  const nearest = didYouMean(typed, known);
  const fix =
    nearest === undefined
      ? 'magflock config show lists all settings'
      : `did you mean "${shown.startsWith('--') ? '--' : ''}${nearest}"?`;
  return { code: 'MF704', where, message: `unknown setting ${shown}`, fix };
}

/** Each way settings come in, read into the same form. None of them has defaults of its own. */
export const settingSources = {
  /** @param flags by name without dashes; `true` for one without a value */
  flags(flags: Readonly<Record<string, string | true>>): SettingSource {
    const found: Found = new Map();
    const problems: SettingProblem[] = [];
    const byFlag = new Map(names.map((name) => [settingFlag(name), name]));
    const known = [...byFlag.keys()].filter((flag) => flag !== undefined);
    for (const [flag, raw] of Object.entries(flags)) {
      const name = byFlag.get(flag);
      const origin: SettingOrigin = { source: 'flag', where: `--${flag}` };
      if (name === undefined) problems.push(unknown(origin.where, `--${flag}`, flag, known));
      else if (raw !== true) found.set(name, { raw, fromText: true, origin });
      else if (settingDefinitions[name].type === ('boolean' as string))
        found.set(name, { raw: 'true', fromText: true, origin });
      else
        problems.push({
          code: 'MF703',
          where: origin.where,
          message: `--${flag} has no value`,
          fix: `--${flag} <${settingDefinitions[name].type}>`,
        });
    }
    return { found, problems, notes: [] };
  },

  /** @param file path of the .env file the variables came from; undefined for the process environment */
  environment(env: Readonly<Record<string, string | undefined>>, file?: string): SettingSource {
    const found: Found = new Map();
    const problems: SettingProblem[] = [];
    const notes: string[] = [];
    const source = file === undefined ? 'environment' : 'env-file';
    const within = file === undefined ? '' : ` in ${file}`;
    const known = new Set(['MAGFLOCK_CONFIG', 'MAGFLOCK_ENV_FILE']);
    for (const name of names) {
      const definition: SettingDefinition = settingDefinitions[name];
      for (const variable of definition.env) {
        known.add(variable);
        if (definition.secret) known.add(`${variable}_FILE`);
        if (found.has(name)) continue;
        const value = env[variable];
        const path = definition.secret ? env[`${variable}_FILE`] : undefined;
        if (value !== undefined && value !== '')
          found.set(name, { raw: value, fromText: true, origin: { source, where: variable + within } });
        else if (path !== undefined && path !== '') {
          const where = `${variable}_FILE (${path})${within}`;
          try {
            const raw = readFileSync(path, 'utf8').trim();
            found.set(name, { raw, fromText: true, origin: { source, where } });
          } catch (thrown) {
            problems.push({
              code: 'MF703',
              where,
              message: `the file cannot be read (${(thrown as NodeJS.ErrnoException).code})`,
              fix: `make ${path} readable, or unset ${variable}_FILE`,
            });
          }
        }
      }
    }
    for (const variable of Object.keys(env)) {
      if (!variable.startsWith('MAGFLOCK_') || known.has(variable)) continue;
      const problem = unknown(variable + within, variable, variable, [...known]);
      // Orchestrators put names of their own beside ours (MAGFLOCK_SERVICE_HOST): a note, not an error.
      if (file === undefined) notes.push(`ignored ${variable}: ${problem.message}; ${problem.fix}`);
      else problems.push(problem);
    }
    return { found, problems, notes };
  },

  /** A .env file, in the format of Node's `--env-file`. */
  envFile(path: string): SettingSource {
    try {
      return settingSources.environment(parseEnv(readFileSync(path, 'utf8')), path);
    } catch (thrown) {
      const why = (thrown as NodeJS.ErrnoException).code;
      const message = `the file cannot be read (${why})`;
      const problem: SettingProblem = {
        code: 'MF703',
        where: path,
        message,
        fix: 'make it readable or remove it',
      };
      return { found: new Map(), problems: [problem], notes: [] };
    }
  },

  /** A configuration file: nested objects or dotted names, comments allowed. */
  file(path: string): SettingSource {
    const found: Found = new Map();
    const problems: SettingProblem[] = [];
    const wrong = (message: string, fix: string): SettingSource => ({
      found,
      problems: [{ code: 'MF703', where: path, message, fix }],
      notes: [],
    });
    if (!existsSync(path)) return wrong('no such file', 'check --config');
    let content: unknown;
    try {
      content = parseJsonc(readFileSync(path, 'utf8'));
    } catch (thrown) {
      return wrong(thrown instanceof Error ? thrown.message : String(thrown), 'mend the file at that place');
    }
    if (content === null || typeof content !== 'object' || Array.isArray(content))
      return wrong('not an object', 'start from config/magflock.example.jsonc');
    const walk = (object: object, prefix: string): void => {
      for (const [key, raw] of Object.entries(object)) {
        const name = prefix + key;
        if (name === '$schema') continue;
        const nested = raw !== null && typeof raw === 'object' && !Array.isArray(raw);
        if (nested && names.some((known) => known.startsWith(`${name}.`))) walk(raw, `${name}.`);
        else if (!names.includes(name as SettingName)) problems.push(unknown(path, `"${name}"`, name, names));
        else
          found.set(name as SettingName, { raw, fromText: false, origin: { source: 'file', where: path } });
      }
    };
    walk(content, '');
    // A path in the file is meant from the file's folder, wherever the daemon was started.
    const dataDir = found.get('dataDir');
    if (typeof dataDir?.raw === 'string') dataDir.raw = resolve(path, '..', dataDir.raw);
    return { found, problems, notes: [] };
  },
} as const;
