import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { digestFolder } from './digest-folder.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import type { LockState } from './lock-state.ts';
import { loginRequest } from './login-request.ts';
import type { InspectedPackage } from './package-tools.ts';
import { settleLogins } from './settle-logins.ts';
import { storePackage } from './store-package.ts';
import { syncFolder } from './sync-folder.ts';
import { undoDatabases } from './undo-databases.ts';

export interface Arrival {
  /** As it is to be. */
  readonly next: InstalledExtension;
  /** The version that serves now; null for an installation. */
  readonly previous: InstalledExtension | null;
  /** Its package, read and checked. */
  readonly inspected: Pick<InspectedPackage, 'unpack'>;
  readonly bytes: Uint8Array;
}

/**
 * Installs an extension, or puts a version in the place of another, with everything checked before. Each step is in
 * the journal before it is done; what fails is taken back in reverse. The lock file decides: until it is written the
 * old holds, from then on the new.
 * @throws what the step that failed threw
 */
export async function bringIn(core: LifecycleCore, arrival: Arrival): Promise<void> {
  const { next, previous } = arrival;
  const { options, paths, journal, lock } = core;
  const { runtime, log } = options;
  const kind = previous === null ? 'install' : 'update';
  const back: { readonly step: string; readonly undo: () => Promise<void> }[] = [];
  const step = async (name: string, act: () => Promise<void>, undo?: () => Promise<void>): Promise<void> => {
    await journal.note(next.id, { step: name });
    await options.onStep?.(kind, name);
    if (undo !== undefined) back.push({ step: name, undo });
    await act();
  };
  const before = lock.value;
  const fresh = previous?.sha256 !== next.sha256;
  const added = next.projects.filter((project) => previous?.projects.includes(project) !== true);

  await journal.begin({
    kind,
    id: next.id,
    startedAt: new Date(options.now()).toISOString(),
    next,
    previous,
    keepData: false,
    step: 'begin',
    touched: {},
  });
  try {
    let contents = before.extensions.find(({ id }) => id === next.id)?.contents ?? '';
    if (fresh) {
      const removeFiles = async (): Promise<void> => {
        await rm(next.folder, { recursive: true, force: true });
        // Not empty while another version is there.
        await rmdir(dirname(next.folder)).catch(() => undefined);
        // A staged version is still there for another try.
        if (!before.staged.some(({ sha256 }) => sha256 === next.sha256))
          await rm(paths.packageOf(next.sha256), { force: true });
      };
      await step('store', () => storePackage(paths, next.sha256, arrival.bytes), removeFiles);
      await step('unpack', async () => {
        contents = await unpack(core, arrival.inspected, next.folder);
      });
    }
    await step(
      'databases',
      async () => undefined,
      async () => {
        const operation = journal.of(next.id);
        if (operation !== undefined) await undoDatabases(core, operation);
      },
    );
    for (const project of next.projects) await prepareProject(core, { next, previous, project, step });
    if (added.length > 0) {
      const there = { ...next, projects: added };
      await step(
        'run install',
        () => runtime.run(there, 'install'),
        () => runtime.run(there, 'uninstall'),
      );
    }
    // The health gate of an update comes before the lock file: what does not answer never becomes the version.
    if (previous !== null && next.wanted === 'enabled') {
      await step('swap', () => runtime.replace(next));
      back.push({ step: 'swap', undo: () => runtime.replace(previous) });
    }
    await step(
      'commit',
      () => commit(core, next, contents),
      () => putBack(core, next.id, before),
    );
    if (previous === null) {
      await step(
        'start',
        () => runtime.start(next),
        () => runtime.stop(next.id),
      );
    }
  } catch (thrown) {
    await goBack(core, next.id, back);
    throw thrown;
  }
  try {
    // The old version needed its own grants until it had ended; now exactly the new ones hold.
    if (previous !== null) {
      await step('settle', () => settleLogins(core, next));
      await options.onStep?.(kind, 'end');
    }
    await journal.end(next.id);
    if (fresh && previous !== null) {
      await rm(previous.folder, { recursive: true, force: true });
      const staged = before.staged.filter(({ id }) => id === next.id);
      for (const { sha256 } of [previous, ...staged])
        if (sha256 !== next.sha256) await rm(paths.packageOf(sha256), { force: true });
    }
  } catch (thrown) {
    // It is installed. The journal still has the operation, and the next start ends it.
    log.error(
      { err: thrown, extension: next.id },
      'what an update leaves behind is cleared at the next start',
    );
  }
}

async function goBack(
  core: LifecycleCore,
  id: string,
  back: readonly { readonly step: string; readonly undo: () => Promise<void> }[],
): Promise<void> {
  let left: unknown;
  for (const { step, undo } of back.toReversed()) {
    try {
      await undo();
    } catch (thrown) {
      core.options.log.error({ err: thrown, extension: id, step }, 'a step could not be taken back');
      // Code of the extension has no say in whether it is gone.
      if (step === 'run install') continue;
      left = thrown;
      break;
    }
  }
  if (left === undefined) await core.journal.end(id);
  else core.pending.set(id, MagFlockError.from(left).message);
}

interface ProjectStep {
  readonly next: InstalledExtension;
  readonly previous: InstalledExtension | null;
  readonly project: string;
  readonly step: (name: string, act: () => Promise<void>) => Promise<void>;
}

/** Login and migrations in one project. */
async function prepareProject(
  { options, journal }: LifecycleCore,
  { next, previous, project, step }: ProjectStep,
): Promise<void> {
  // Both versions serve for a while: the login may what either may.
  const both =
    previous === null
      ? next
      : {
          ...next,
          manifest: {
            ...next.manifest,
            permissions: [...previous.manifest.permissions, ...next.manifest.permissions],
          },
          grants: [...previous.grants, ...next.grants],
        };
  const request = loginRequest(both, project, options.now());
  if (request === undefined) return;
  const touch = async (version: number | null): Promise<void> => {
    const touched = { ...journal.of(next.id)?.touched, [project]: version };
    await journal.note(next.id, { touched });
  };
  await touch(null);
  await step(`login ${project}`, async () => {
    const login = await options.storage.extensionLogin(request);
    if (login.schema === null) return;
    const before = await options.migrations.version(login);
    const known = next.manifest.migrations?.length ?? 0;
    if (before > known) {
      throw new MagFlockError(
        'MF668',
        `project ${project} has ${before} migrations of ${next.id}; this version knows ${known}`,
        { fix: 'install a version that is as new as its data' },
      );
    }
    await touch(before);
    if (before === known) return;
    await step(`migrate ${project}`, () => options.migrations.up(next, login));
  });
}

/** Beside its place first, so that a folder in `installed` is always whole. Answers its digest. */
async function unpack(
  { paths }: LifecycleCore,
  inspected: Arrival['inspected'],
  folder: string,
): Promise<string> {
  const draft = join(paths.staging, randomUUID());
  try {
    await inspected.unpack(draft);
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    // Left by a start that was cut off, and named by nothing.
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    await syncFolder(dirname(folder));
    return await digestFolder(folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function commit({ lock }: LifecycleCore, next: InstalledExtension, contents: string): Promise<void> {
  await lock.change((state) => ({
    ...state,
    extensions: [...state.extensions.filter(({ id }) => id !== next.id), { ...next, contents }],
    staged: state.staged.filter(({ id }) => id !== next.id),
    kept: state.kept.filter(({ id }) => id !== next.id),
  }));
}

/** What the lock file says of an extension. Always writes: an attempt that failed half may have left the new one. */
async function putBack({ lock }: LifecycleCore, id: string, before: LockState): Promise<void> {
  const others = <T extends { readonly id: string }>(all: readonly T[]) => all.filter((one) => one.id !== id);
  const own = <T extends { readonly id: string }>(all: readonly T[]) => all.filter((one) => one.id === id);
  await lock.change((state) => ({
    ...state,
    extensions: [...others(state.extensions), ...own(before.extensions)],
    staged: [...others(state.staged), ...own(before.staged)],
    kept: [...others(state.kept), ...own(before.kept)],
  }));
}
