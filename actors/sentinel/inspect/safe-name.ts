const longestName = 64;

/** A name the caller chose, fit for a log line: printable ASCII, at most 64 characters. */
export function safeName(name: string): string {
  return name.slice(0, longestName).replace(/[^\x21-\x7e]/g, '?');
}
