import { MagFlockError } from '../../errors/magflock-error.ts';

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * When a grant ends, ISO 8601, from `30d`, `12h`, `15m` or a time.
 * @throws MF802 when it is no time to come
 */
export function readExpiry(text: string, now: number = Date.now()): string {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const at =
    amount === undefined ? Date.parse(text) : now + Number(amount) * unitMs[unit as keyof typeof unitMs];
  if (Number.isNaN(at) || at <= now) {
    throw new MagFlockError('MF802', `--expires takes a time to come, got "${text}"`, {
      fix: '--expires 30d, 12h or 2030-01-31T00:00:00Z',
    });
  }
  return new Date(at).toISOString();
}
