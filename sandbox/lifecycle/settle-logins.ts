import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import { loginRequest } from './login-request.ts';

/**
 * Makes the database logins of an extension exactly what its grants in force say. Its data stays.
 * @throws what Storage throws; a project that is gone is passed over
 */
export async function settleLogins(
  { options }: Pick<LifecycleCore, 'options'>,
  installed: InstalledExtension,
  projects: readonly string[] = installed.projects,
): Promise<void> {
  for (const project of projects) {
    try {
      const request = loginRequest(installed, project, options.now());
      if (request !== undefined) await options.storage.extensionLogin(request);
      else {
        await options.storage.dropExtensionLogin({ project, extension: installed.id, keepSchema: true });
      }
    } catch (thrown) {
      if (MagFlockError.from(thrown).code !== 'MF508') throw thrown;
    }
  }
}
