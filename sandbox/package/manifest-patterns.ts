const word = '[a-z0-9]+(-[a-z0-9]+)*';

/** Regular expressions of the texts of a manifest. ASCII only: an id that looks like another is not possible. */
export const manifestPatterns = {
  /** `publisher.name`. */
  id: `^${word}\\.[a-z][a-z0-9]*(-[a-z0-9]+)*$`,
  name: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
  publisher: `^${word}$`,
  version: '^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$',
  /** One line without control, format and separator characters, and not blank. */
  text: '^(?=.*\\S)[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+$',
  /** A path below the extension's folder. */
  source: '^(?!.*(^|/)\\.\\.?(/|$))[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\\.(ts|mts|js|mjs)$',
  route: '^/$|^(/(:[A-Za-z_][A-Za-z0-9_]*|[A-Za-z0-9_~-][A-Za-z0-9_.~-]*))+(/\\*)?$|^/\\*$',
  table: '^\\*$|^[\\p{L}_][\\p{L}\\p{N}_$]*(\\.[\\p{L}_][\\p{L}\\p{N}_$]*)?$',
  event: '^[a-z][a-z0-9]*([.-][a-z0-9]+)*(\\.\\*)?$',
  cron: '^[0-9A-Za-z*/,?#LW+ -]+$',
  zone: '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$',
  migration: '^migrations/[a-z0-9][a-z0-9_-]*\\.sql$',
  setting: '^[a-z][A-Za-z0-9]*$',
} as const;
