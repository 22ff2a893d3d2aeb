/** Header records have no prototype: a header named `constructor` or `__proto__` is just a header. */
export type HeaderRecord = Readonly<Record<string, string>>;

export interface ReadHeaders {
  /** All headers, lower-case names; repeated ones joined with `, ` (RFC 9110 §5.3), cookies with `; `. */
  readonly all: HeaderRecord;
  /** The same without those that carry keys: what a gateway sees. */
  readonly withoutKeys: HeaderRecord;
  /** How many Host headers there were; RFC 9112 §3.2 wants exactly one. */
  readonly hosts: number;
}

/**
 * An empty record that inherits nothing. `Object.create(null)` would do the same as a hash table; instances of a
 * constructor keep the engine's fast layout, which every later look-up gains from.
 */
const Bare = function Bare() {} as unknown as new () => Record<string, string>;
Bare.prototype = Object.create(null);

/** Headers that may hold a key, which no gateway gets to see. */
const keyHeaders = new Set(['authorization', 'x-api-key', 'apikey', 'proxy-authorization', 'cookie']);

/** Lower-case names by the way clients write them. */
const lowered = new Map<string, string>();
const mostLowered = 500;

/**
 * Reads headers once, from the raw list: Node's own record drops repeated ones silently.
 * @param raw names and values in turn, as `IncomingMessage.rawHeaders` has them
 */
export function readHeaders(raw: readonly string[]): ReadHeaders {
  const all = new Bare();
  const withoutKeys = new Bare();
  let hosts = 0;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = lowerCase(raw[index] as string);
    let value = raw[index + 1] as string;
    if (name === 'host') hosts++;
    const before = all[name];
    if (before !== undefined) value = before + (name === 'cookie' ? '; ' : ', ') + value;
    all[name] = value;
    if (!keyHeaders.has(name)) withoutKeys[name] = value;
  }
  return { all, withoutKeys, hosts };
}

function lowerCase(name: string): string {
  const known = lowered.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  // Strangers choose header names: what is remembered is bounded in number and length.
  if (lowered.size < mostLowered && name.length <= 40) lowered.set(name, lower);
  return lower;
}
