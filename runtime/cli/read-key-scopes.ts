import { MagFlockError } from '../errors/magflock-error.ts';
import type { CostLimits } from '../protocol/data-api-settings.ts';
import type { KeyScopes } from '../protocol/identity.protocol.ts';
import type { ParsedFlags } from './parse-command-line.ts';

const operations = ['select', 'insert', 'update', 'delete'] as const;
const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * What narrows a key, from --tables, --operations, --addresses, --expires and --limits; undefined when nothing does.
 * @throws MagFlockError MF802 for an operation, a time or a limit that is none
 */
export function readKeyScopes(flags: ParsedFlags, now: number = Date.now()): KeyScopes | undefined {
  const tables = list(flags.value('tables'));
  const allowed = list(flags.value('operations'))?.map((word) => {
    const operation = operations.find((one) => one === word);
    if (operation === undefined) {
      throw new MagFlockError('MF802', `"${word}" is no operation`, {
        fix: `one of ${operations.join(', ')}`,
      });
    }
    return operation;
  });
  const addresses = list(flags.value('addresses'));
  const expires = flags.value('expires');
  const limits = list(flags.value('limits'));
  const scopes: KeyScopes = {
    ...(tables === undefined ? {} : { tables }),
    ...(allowed === undefined ? {} : { operations: allowed }),
    ...(addresses === undefined ? {} : { addresses }),
    ...(expires === undefined ? {} : { expiresAt: readTime(expires, now) }),
    ...(limits === undefined ? {} : { limits: readLimits(limits) }),
  };
  return Object.keys(scopes).length === 0 ? undefined : scopes;
}

function list(text: string | undefined): string[] | undefined {
  const words = text
    ?.split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return words === undefined || words.length === 0 ? undefined : words;
}

/** `rows=200` */
function readLimits(words: readonly string[]): CostLimits {
  const limits: { -readonly [Name in keyof CostLimits]: CostLimits[Name] } = {};
  for (const word of words) {
    const [, name, number] = /^(cost|rows|bytes|depth|timeMs)=(\d{1,15})$/.exec(word) ?? [];
    if (name === undefined) {
      throw new MagFlockError('MF802', `"${word}" is no limit`, {
        fix: 'write for example rows=200,depth=2 of cost, rows, bytes, depth, timeMs',
      });
    }
    limits[name as keyof CostLimits] = Number(number);
  }
  return limits;
}

function readTime(text: string, now: number): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const at =
    amount === undefined ? Date.parse(text) : now + Number(amount) * unitMs[unit as keyof typeof unitMs];
  if (Number.isNaN(at)) {
    throw new MagFlockError('MF802', `"${text}" is no time`, { fix: '30d, 12h or 2030-01-31T00:00:00Z' });
  }
  if (at <= now) throw new MagFlockError('MF802', `"${text}" is in the past`, { fix: 'give a time to come' });
  return at;
}
