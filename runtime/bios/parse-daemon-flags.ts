import { MagFlockError } from '../errors/magflock-error.ts';

export interface DaemonFlags {
  /** For `loadSettings`; it knows which names exist. */
  readonly flags: Readonly<Record<string, string | true>>;
  /** One JSON object per event on stdout instead of the boot screen. */
  readonly json: boolean;
}

/**
 * The daemon's command line: `--name value` or `--name=value`; `--json` stands alone.
 * @throws MagFlockError MF802 for an argument that is no flag
 */
export function parseDaemonFlags(args: readonly string[]): DaemonFlags {
  const flags: Record<string, string | true> = {};
  let json = false;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    const groups = argument.match(/^--(?<name>[a-z][a-z0-9-]*)(?:=(?<value>[\s\S]*))?$/i)?.groups;
    const name = groups?.['name'];
    if (name === undefined) {
      throw new MagFlockError('MF802', `unexpected argument "${argument}"`, {
        fix: 'magflock start takes flags only, for example --port 8080',
      });
    }
    const next = args[index + 1];
    if (name === 'json' && groups?.['value'] === undefined) json = true;
    else if (groups?.['value'] !== undefined) flags[name] = groups['value'];
    else if (next !== undefined && !next.startsWith('--')) {
      flags[name] = next;
      index++;
    } else flags[name] = true;
  }
  return { flags, json };
}
