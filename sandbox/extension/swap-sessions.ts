import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { GuestSession } from './guest-session.ts';

export interface SwapOptions {
  /** Loads and starts the new one. */
  readonly start: () => Promise<GuestSession>;
  /** The one that answers now; it may end meanwhile. */
  readonly old: () => GuestSession | undefined;
  /** Calls wait from now on. Only needed when state goes over, which no call may change meanwhile. */
  readonly hold: () => void;
  readonly drainMs: number;
}

/**
 * Starts a version beside the one that answers, and makes it ready to take over.
 * @returns the session to switch to
 * @throws what was in the way; the new session is closed then
 */
export async function swapSessions({ start, old, hold, drainMs }: SwapOptions): Promise<GuestSession> {
  const next = await start();
  const { home } = next.deployment;
  try {
    await checkHealth(next);
    const from = old();
    if (from !== undefined && !from.over && from.has('handover') && next.has('adopt')) {
      hold();
      await from.drained(drainMs);
      const state = await from.enter('handover', {}, from.deployment.home);
      const fromVersion = from.deployment.installed.manifest.stateVersion ?? 1;
      await next.enter('adopt', { fromVersion, state: JSON.parse(state) as unknown }, home);
    }
    if (next.over) throw new MagFlockError('MF601', 'It ended before it took over.');
    return next;
  } catch (error) {
    await next.close();
    throw error;
  }
}

async function checkHealth(session: GuestSession): Promise<void> {
  if (!session.has('health')) return;
  const answer = await session.enter('health', {}, session.deployment.home);
  const { status, summary } = JSON.parse(answer) as { readonly status: string; readonly summary?: string };
  if (status === 'failed')
    throw new MagFlockError('MF662', `It is not healthy: ${summary ?? 'it does not say why'}`);
}
