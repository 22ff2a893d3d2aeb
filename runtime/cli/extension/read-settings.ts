import { MagFlockError } from '../../errors/magflock-error.ts';

type Config = Readonly<Record<string, string | number | boolean>>;

/**
 * The configuration of an extension from `--set`: `name=value,other=2`, or a JSON object when a value holds a comma.
 * Numbers and true or false are what they look like.
 * @throws MF802
 */
export function readSettings(text: string | undefined): Config | undefined {
  if (text === undefined) return undefined;
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text) as Config;
    } catch (cause) {
      throw new MagFlockError('MF802', '--set begins with { but is no JSON', { cause });
    }
  }
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) {
        throw new MagFlockError('MF802', `--set takes name=value, got "${pair}"`, {
          fix: '--set column=title,length=60',
        });
      }
      return [pair.slice(0, at).trim(), scalarOf(pair.slice(at + 1))];
    }),
  );
}

function scalarOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
