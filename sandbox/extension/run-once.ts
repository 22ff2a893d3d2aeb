import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import { deploymentOf } from './deployment.ts';
import type { ExtensionPlatform } from './extension-platform.ts';
import { GuestSession, type SessionOwner } from './guest-session.ts';

export interface RunOnceOptions {
  readonly installed: InstalledExtension;
  readonly entry: 'install' | 'uninstall';
  readonly platform: ExtensionPlatform;
  readonly log: SessionOwner['log'];
  readonly undeclared: (capability: string, project: string | null) => void;
}

/**
 * Runs `onInstall` or `onUninstall` in an isolate of its own, once for each project. One that has no such handler is
 * loaded all the same: what does not load is not installed.
 * @throws MF660 with the reason
 */
export async function runOnce({
  installed,
  entry,
  platform,
  log,
  undeclared,
}: RunOnceOptions): Promise<void> {
  let over: string | undefined;
  const deployment = deploymentOf(installed, platform, () => {});
  const owner: SessionOwner = {
    log,
    denied: () => {},
    ended: (_session, end) => {
      over = `${end.reason}: ${end.detail}`;
    },
    undeclared: (session, capability, project) => {
      over = `it used ${capability}, which its manifest does not declare`;
      undeclared(capability, project);
      void session.close();
    },
  };
  let session: GuestSession | undefined;
  try {
    session = await GuestSession.open(deployment, platform, owner);
    for (const project of installed.projects) await session.enter(entry, {}, project);
  } catch (thrown) {
    const why = over ?? MagFlockError.from(thrown).message;
    throw new MagFlockError('MF660', `${entry} of ${installed.id} failed: ${why}`, {
      details: { extension: installed.id, entry },
      cause: thrown,
    });
  } finally {
    await session?.close();
    await deployment.broker.close();
  }
}
