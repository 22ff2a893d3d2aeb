/**
 * Splits the file of a migration at its two marks, `-- UP` and after it `-- DOWN`, each on a line of its own.
 * @param file its name, for the error
 * @throws TypeError when a mark is missing or used twice
 */
export function splitMigration(text: string, file: string): { readonly up: string; readonly down: string } {
  const parts = text.split(/^-- (UP|DOWN)[ \t]*$/m);
  const up = parts.indexOf('UP');
  const down = parts.indexOf('DOWN');
  if (up !== 1 || down !== 3 || parts.length !== 5) {
    throw new TypeError(`${file}: needs one "-- UP" and after it one "-- DOWN"`);
  }
  return { up: parts[2] ?? '', down: parts[4] ?? '' };
}
