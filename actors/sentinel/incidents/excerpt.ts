const longest = 80;

/**
 * The first characters of a value, made safe for a terminal and a log line: only printable ASCII, everything else
 * (escape sequences, bidirectional marks, line breaks) shown as `·`. At most 80 characters, the cut marked with `…`.
 */
export function excerpt(value: string): string {
  const safe = value.slice(0, longest).replace(/[^\x20-\x7e]/g, '·');
  return value.length > longest ? `${safe.slice(0, longest - 1)}…` : safe;
}
