import type { Grant } from '../../runtime/protocol/extensions.protocol.ts';
import { findExtension } from './find-extension.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import { narrowedGrants } from './narrowed-grants.ts';
import { settleLogins } from './settle-logins.ts';

/**
 * Puts other grants in force. What is taken away is gone at once and before anything is written; what is added comes
 * last, when the lock file and the databases have it.
 * @throws what Storage throws; nothing was widened then, and the next start tries the databases again
 */
export async function changeGrants(
  core: LifecycleCore,
  previous: InstalledExtension,
  grants: readonly Grant[],
): Promise<void> {
  const { options, journal, lock } = core;
  const { id } = previous;
  options.runtime.regrant(id, narrowedGrants(grants, previous.grants));
  const next = { ...previous, grants };
  await journal.begin({
    kind: 'grant',
    id,
    startedAt: new Date(options.now()).toISOString(),
    next,
    previous,
    keepData: true,
    step: 'begin',
    touched: {},
  });
  await lock.change((state) => ({
    ...state,
    extensions: state.extensions.map((one) => (one.id === id ? { ...one, grants } : one)),
  }));
  await settleLogins(core, findExtension(core, id));
  options.runtime.regrant(id, grants);
  await journal.end(id);
}
