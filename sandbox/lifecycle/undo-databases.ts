import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import { loginRequest } from './login-request.ts';
import type { Operation } from './operation.ts';
import { settleLogins } from './settle-logins.ts';

/**
 * Takes back what an installation or update did in the databases: its migrations, then its login. May run twice.
 * @throws what Storage or a migration throws; a project that is gone is passed over
 */
export async function undoDatabases(core: LifecycleCore, operation: Operation): Promise<void> {
  const { options, lock } = core;
  const { next, previous } = operation;
  if (next === null) return;
  for (const [project, before] of Object.entries(operation.touched).reverse()) {
    try {
      const request = loginRequest(next, project, options.now());
      // Null: the power went before anything of ours ran.
      if (before !== null && request !== undefined) {
        const login = await options.storage.extensionLogin(request);
        if ((await options.migrations.version(login)) > before)
          await options.migrations.down(next, login, before);
      }
      if (previous?.projects.includes(project)) {
        await settleLogins(core, previous, [project]);
        continue;
      }
      const kept = lock.value.kept.some(({ id, projects }) => id === next.id && projects.includes(project));
      await options.storage.dropExtensionLogin({ project, extension: next.id, keepSchema: kept });
    } catch (thrown) {
      if (MagFlockError.from(thrown).code !== 'MF508') throw thrown;
    }
  }
}
