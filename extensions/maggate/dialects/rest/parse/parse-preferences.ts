import type { Preferences } from '../preferences.ts';

const none: Preferences = {
  resolution: undefined,
  return: undefined,
  count: undefined,
  transaction: undefined,
  missing: undefined,
  handling: undefined,
  timezone: undefined,
  maxAffected: undefined,
  invalid: [],
};

/** Preferences with a fixed set of values: header text → field and value. */
const known = new Map<string, readonly [field: keyof Preferences, value: string]>(
  (
    [
      ['resolution', 'resolution', ['merge-duplicates', 'ignore-duplicates']],
      ['return', 'return', ['representation', 'minimal', 'headers-only']],
      ['count', 'count', ['exact', 'planned', 'estimated']],
      ['tx', 'transaction', ['commit', 'rollback']],
      ['missing', 'missing', ['default', 'null']],
      ['handling', 'handling', ['strict', 'lenient']],
    ] as const
  ).flatMap(([name, field, values]) =>
    values.map((value): [string, readonly [keyof Preferences, string]] => [
      `${name}=${value}`,
      [field, value],
    ]),
  ),
);
const integer = /^-?[0-9]{1,18}$/;

/**
 * Reads `Prefer` (RFC 7240). Of a repeated preference the first one with a known value holds; what is not known is
 * listed for `handling=strict`.
 * @param mayEndTransaction whether `tx=` counts
 */
export function parsePreferences(header: string | undefined, mayEndTransaction: boolean): Preferences {
  if (header === undefined) return none;
  const found: { -readonly [Field in keyof Preferences]?: unknown } = {};
  const invalid: string[] = [];
  let maxAffected: string | undefined;
  for (const part of header.split(',')) {
    const preference = part.trim();
    const match = known.get(preference);
    if (match !== undefined) {
      const [field, value] = match;
      if (field !== 'transaction' || mayEndTransaction) found[field] ??= value;
    } else if (preference.startsWith('timezone=')) found.timezone ??= preference.slice(9);
    else if (preference.startsWith('max-affected=')) maxAffected ??= preference.slice(13).trim();
    else invalid.push(preference);
  }
  if (maxAffected !== undefined && integer.test(maxAffected)) found.maxAffected = Number(maxAffected);
  return { ...none, ...(found as Partial<Preferences>), invalid };
}
