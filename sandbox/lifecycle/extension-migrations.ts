import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { ExtensionLogin, ExtensionMigrations } from './lifecycle-options.ts';
import { type MigrationRun, runMigrations } from './run-migrations.ts';

export interface ExtensionMigrationsOptions {
  /** Text of a file of an installed version, by its path in the package. */
  readonly read: (installed: InstalledExtension, path: string) => Promise<string>;
}

/** The migrations that the life cycle runs: those of the manifest, in its order. */
export function createExtensionMigrations({ read }: ExtensionMigrationsOptions): ExtensionMigrations {
  const runOf = async (
    installed: InstalledExtension,
    { url, schema }: ExtensionLogin,
  ): Promise<MigrationRun | null> => {
    const names = installed.manifest.migrations ?? [];
    if (schema === null) {
      if (names.length === 0) return null;
      throw new MagFlockError(
        'MF669',
        `The migrations of ${installed.id} need db.schema, which was not granted.`,
      );
    }
    const files = await Promise.all(names.map(async (name) => ({ name, text: await read(installed, name) })));
    return runMigrations({ url, schema }, files);
  };
  return {
    version: async ({ url, schema }) => (schema === null ? 0 : runMigrations({ url, schema }, []).version()),
    up: async (installed, login) => (await runOf(installed, login))?.up(),
    down: async (installed, login, to) => (await runOf(installed, login))?.down(to),
  };
}
