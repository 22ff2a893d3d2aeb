import { rm } from 'node:fs/promises';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import type { Operation } from './operation.ts';
import { settleLogins } from './settle-logins.ts';
import { finishTakingOut } from './take-out.ts';
import { undoDatabases } from './undo-databases.ts';

/**
 * Ends what a power cut left in the middle: a removal goes on, an installation or update that the lock file has is
 * finished, one that it does not have is taken back. What cannot be ended now stays in the journal; its extension
 * is among the pending, and does not start.
 */
export async function recoverOperations(core: LifecycleCore): Promise<void> {
  const { journal, pending, options } = core;
  pending.clear();
  for (const operation of journal.operations) {
    try {
      await endOperation(core, operation);
      options.log.warn(
        { extension: operation.id, operation: operation.kind, step: operation.step },
        'an operation that was cut off is ended',
      );
    } catch (thrown) {
      const error = MagFlockError.from(thrown);
      pending.set(
        operation.id,
        `its ${operation.kind} was cut off and cannot be ended yet: ${error.message}`,
      );
      options.log.error(
        { err: error, extension: operation.id, step: operation.step },
        'an operation stays cut off',
      );
    }
  }
}

/** Ends one operation of the journal. Throws what Storage or a migration throws. */
export async function endOperation(core: LifecycleCore, operation: Operation): Promise<void> {
  const { journal, lock } = core;
  const { id, kind, next } = operation;
  if (kind === 'remove') {
    await finishTakingOut(core, operation);
    return;
  }
  const held = lock.value.extensions.find((one) => one.id === id);
  const committed = next !== null && held?.sha256 === next.sha256 && held.installedAt === next.installedAt;
  if (committed || kind === 'grant') {
    if (held !== undefined) {
      await settleLogins(core, held);
      core.options.runtime.regrant(id, held.grants);
    }
  } else {
    await undoDatabases(core, operation);
    if (next !== null && held?.folder !== next.folder)
      await rm(next.folder, { recursive: true, force: true });
  }
  await journal.end(id);
}
