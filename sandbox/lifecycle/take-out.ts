import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import type { Operation } from './operation.ts';

/**
 * Removes an extension: stops it, lets it clear up, takes it out of the lock file, the databases and the disk. Once
 * the journal has it, it only goes forward: a power cut at any later step ends with it gone.
 * @throws what Storage throws; the removal is in the journal then, and ends with the next attempt or start
 */
export async function takeOut(
  core: LifecycleCore,
  previous: InstalledExtension,
  keepData: boolean,
): Promise<void> {
  const { options, journal } = core;
  const step = async (name: string, act: () => Promise<void>): Promise<void> => {
    await journal.note(previous.id, { step: name });
    await options.onStep?.('remove', name);
    await act();
  };
  const operation: Operation = {
    kind: 'remove',
    id: previous.id,
    startedAt: new Date(options.now()).toISOString(),
    next: null,
    previous,
    keepData,
    step: 'begin',
    touched: {},
  };
  await options.onStep?.('remove', 'begin');
  await journal.begin(operation);
  await step('stop', () => options.runtime.stop(previous.id));
  await step('run uninstall', async () => {
    if (previous.wanted !== 'enabled') return;
    try {
      await options.runtime.run(previous, 'uninstall');
    } catch (thrown) {
      // Code of the extension has no say in whether it is gone.
      options.log.warn(
        { err: thrown, extension: previous.id },
        'its onUninstall failed; it is removed anyway',
      );
    }
  });
  await finishTakingOut(core, operation, step);
}

/** The steps that need nothing of the extension's code; each may be done twice. */
export async function finishTakingOut(
  core: LifecycleCore,
  { id, previous, keepData }: Operation,
  step: (name: string, act: () => Promise<void>) => Promise<void> = (_, act) => act(),
): Promise<void> {
  const { options, paths, lock, journal } = core;
  const projects = previous?.projects ?? [];
  const staged = lock.value.staged.filter((one) => one.id === id);
  await step('commit', async () => {
    await lock.change((state) => ({
      ...state,
      extensions: state.extensions.filter((one) => one.id !== id),
      staged: state.staged.filter((one) => one.id !== id),
      kept: [...state.kept.filter((one) => one.id !== id), ...(keepData ? [{ id, projects }] : [])],
    }));
  });
  for (const project of projects) {
    await step(`drop login ${project}`, async () => {
      try {
        await options.storage.dropExtensionLogin({ project, extension: id, keepSchema: keepData });
      } catch (thrown) {
        if (MagFlockError.from(thrown).code !== 'MF508') throw thrown;
      }
    });
  }
  await step('files', async () => {
    await rm(join(paths.installed, id), { recursive: true, force: true });
    for (const { sha256 } of [...staged, ...(previous === null ? [] : [previous])])
      await rm(paths.packageOf(sha256), { force: true });
    if (!keepData) await rm(paths.filesOf(id), { recursive: true, force: true });
  });
  await step('end', () => journal.end(id));
  core.pending.delete(id);
}
