import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Deployment } from './deployment.ts';
import type { ExtensionPlatform } from './extension-platform.ts';
import { GuestSession, type SessionOwner } from './guest-session.ts';

/** A neighbour may end the cage while somebody is on the way into it; more than that is no accident. */
const attempts = 3;

/**
 * Loads a guest and runs its `onStart`. Goes into another cage when that one ended meanwhile.
 * @throws what kept it from starting; nothing of it is left then
 */
export async function startSession(
  deployment: Deployment,
  platform: ExtensionPlatform,
  owner: SessionOwner,
): Promise<GuestSession> {
  for (let attempt = 1; ; attempt += 1) {
    let session: GuestSession | undefined;
    try {
      session = await GuestSession.open(deployment, platform, owner);
      await session.enter('start', {}, deployment.home);
      if (session.over) throw new MagFlockError('MF601', 'It ended while it started.');
      return session;
    } catch (error) {
      await session?.close();
      const lostCage = session?.lostCage ?? MagFlockError.from(error).details?.['cage'] === 'killed';
      if (!lostCage || attempt === attempts) throw error;
    }
  }
}
