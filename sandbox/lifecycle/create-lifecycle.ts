import { mkdir, rm } from 'node:fs/promises';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Grant } from '../../runtime/protocol/extensions.protocol.ts';
import { publicKey } from '../package/public-key.ts';
import { bringIn } from './bring-in.ts';
import { changeGrants } from './change-grants.ts';
import { checkConfig } from './check-config.ts';
import { checkFit } from './check-fit.ts';
import { checkGrants } from './check-grants.ts';
import { checkSignature } from './check-signature.ts';
import { diskFailure } from './disk-failure.ts';
import { expiryTimer } from './expiry-timer.ts';
import { extensionInfo } from './extension-info.ts';
import { extensionPaths } from './extension-paths.ts';
import { findExtension } from './find-extension.ts';
import { goneProjects } from './gone-projects.ts';
import { grantsInForce } from './grants-in-force.ts';
import { inspectFile } from './inspect-file.ts';
import type { InstalledExtension } from './installed-extension.ts';
import { openJournal } from './journal.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import type { LifecycleOptions } from './lifecycle-options.ts';
import { loginRequest } from './login-request.ts';
import { narrowedGrants } from './narrowed-grants.ts';
import { objectionTo } from './objection-to.ts';
import { openLockFile } from './open-lock-file.ts';
import { queueByKey } from './queue-by-key.ts';
import { endOperation, recoverOperations } from './recover-operations.ts';
import { reviewPackage } from './review-package.ts';
import { settleLogins } from './settle-logins.ts';
import { sweepFiles } from './sweep-files.ts';
import { takeOut } from './take-out.ts';
import { openTrustStore } from './trust-store.ts';
import { uncovered } from './uncovered.ts';
import { updateVersion } from './update-version.ts';

/** Milliseconds until the databases are asked again to take an expired grant away. */
const retryMs = 60_000;

/**
 * The life cycle of all extensions of a machine. Call `recover`, then `startAll`.
 * @throws MF705 when the lock file, the journal or the list of publishers is damaged
 */
export async function createLifecycle(options: LifecycleOptions): Promise<Lifecycle> {
  const paths = extensionPaths(options.dataDir);
  for (const folder of [paths.root, paths.packages, paths.installed, paths.staging])
    await mkdir(folder, { recursive: true, mode: 0o700 });
  const core: LifecycleCore = {
    options,
    paths,
    lock: openLockFile(paths.lock),
    journal: await openJournal(paths.journal),
    trust: openTrustStore(paths.root, options.now),
    pending: new Map(),
  };
  const { runtime, log, events, now } = options;
  const { lock, journal, trust, pending } = core;
  const gone = goneProjects(options.storage);
  const enqueue = queueByKey();
  const underWay = new Set<Promise<unknown>>();
  const timer = expiryTimer(now, () => void lifecycle.expireGrants());

  /** One operation per id at a time; what was cut off before is ended first. */
  function inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const done = enqueue(id, async () => {
      const cutOff = journal.of(id);
      if (cutOff !== undefined) {
        await endOperation(core, cutOff);
        pending.delete(id);
      }
      try {
        return await work();
      } catch (thrown) {
        throw diskFailure(thrown);
      } finally {
        armTimer();
      }
    });
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    underWay.add(settled);
    void settled.then(() => underWay.delete(settled));
    return done;
  }

  function armTimer(): void {
    const ends = lock.value.extensions.flatMap(({ grants }) =>
      grants.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [Date.parse(expiresAt)])),
    );
    timer.set(ends.length === 0 ? undefined : Math.min(...ends));
  }

  const infoOf = (id: string) => extensionInfo(core, findExtension(core, id));

  async function setWanted(id: string, wanted: InstalledExtension['wanted'], reason: string | null) {
    await lock.change((state) => ({
      ...state,
      extensions: state.extensions.map((one) => (one.id === id ? { ...one, wanted, reason } : one)),
    }));
  }

  async function quarantine(id: string, reason: string): Promise<void> {
    await runtime.quarantine(id, reason);
    await setWanted(id, 'quarantined', reason);
    events.emit('extension.quarantined', { id, reason });
  }

  async function own(action: string, target: string, details: Record<string, string>): Promise<void> {
    try {
      await options.audit({
        kind: 'system',
        project: 'system',
        action,
        actor: '/extensions',
        target,
        details,
      });
    } catch (thrown) {
      log.error({ err: thrown, action, extension: target }, 'act not in the audit trail');
    }
  }

  /** Out of the lock file only. */
  async function forgetProject(id: string, project: string): Promise<void> {
    const others = (projects: readonly string[]): readonly string[] =>
      projects.filter((ref) => ref !== project);
    await lock.change((state) => ({
      ...state,
      extensions: state.extensions.map((one) =>
        one.id === id ? { ...one, projects: others(one.projects) } : one,
      ),
      staged: state.staged.map((one) => (one.id === id ? { ...one, projects: others(one.projects) } : one)),
    }));
  }

  async function leaveProject(id: string, project: string): Promise<void> {
    if (lock.value.extensions.find((one) => one.id === id)?.projects.includes(project) !== true) return;
    await forgetProject(id, project);
    const left = lock.value.extensions.find((one) => one.id === id);
    if (left?.wanted === 'enabled') await runtime.replace(left);
  }

  /** Those that were removed while an installation or update was under way. */
  async function leaveGone(id: string): Promise<void> {
    const { projects } = findExtension(core, id);
    for (const project of gone.among(projects)) await leaveProject(id, project);
  }

  /** Those that were removed while this machine was down, or nobody listened. */
  async function forgetGone(): Promise<void> {
    if (lock.value.extensions.length === 0) return;
    try {
      const there = new Set(await options.storage.projects());
      for (const { id, projects } of lock.value.extensions) {
        for (const project of projects) if (!there.has(project)) await forgetProject(id, project);
      }
    } catch (thrown) {
      log.error({ err: thrown }, 'extensions may name projects that are not there any more');
    }
  }

  function hasExpired(id: string): boolean {
    const grants = lock.value.extensions.find((one) => one.id === id)?.grants ?? [];
    return grantsInForce(grants, now()).length < grants.length;
  }

  async function expire(id: string): Promise<void> {
    if (!hasExpired(id)) return;
    const installed = findExtension(core, id);
    const left = grantsInForce(installed.grants, now());
    await changeGrants(core, installed, left);
    const ended = installed.grants.filter((grant) => !left.includes(grant));
    await own('extension.grant.expire', id, {
      capabilities: ended.map(({ capability }) => capability).join(', '),
    });
  }

  const lifecycle: Lifecycle = {
    installed: () => lock.value.extensions,

    async recover() {
      await rm(paths.staging, { recursive: true, force: true });
      await mkdir(paths.staging, { recursive: true, mode: 0o700 });
      await recoverOperations(core);
      await sweepFiles(core);
      await forgetGone();
      await lifecycle.expireGrants();
    },

    async startAll() {
      for (const installed of lock.value.extensions) {
        if (installed.wanted !== 'enabled' || pending.has(installed.id)) continue;
        try {
          const objection = await objectionTo(core, installed);
          if (objection === undefined) await runtime.start(installed);
          else {
            await quarantine(installed.id, objection);
            await own('extension.quarantine', installed.id, { reason: objection });
          }
        } catch (thrown) {
          log.error({ err: thrown, extension: installed.id }, 'an extension does not start');
        }
      }
    },

    async review({ file }) {
      return reviewPackage(core, (await inspectFile(core, file)).inspected);
    },

    async install(request) {
      const { bytes, inspected } = await inspectFile(core, request.file);
      const { manifest, sha256 } = inspected;
      const { id, name, version } = manifest;
      return inTurn(id, async () => {
        const there = lock.value.extensions.find((one) => one.id === id);
        if (there !== undefined) {
          throw new MagFlockError('MF668', `${id} ${there.version} is installed already`, {
            fix: 'magflock ext update <file>',
          });
        }
        checkSignature(inspected, request.allowUnsigned === true);
        checkFit.demand(core, manifest);
        checkGrants(manifest, request.grants ?? []);
        await gone.demand(request.projects);
        const at = new Date(now()).toISOString();
        await bringIn(core, {
          previous: null,
          inspected,
          bytes,
          next: {
            id,
            name,
            version,
            publisher: inspected.publisher,
            trust: inspected.trust,
            signature: inspected.signature,
            sha256,
            folder: paths.folderOf(id, version, sha256),
            manifest,
            grants: (request.grants ?? []).map((permission) => ({ ...permission, grantedAt: at })),
            projects: [...new Set(request.projects)],
            config: checkConfig(manifest, request.config ?? {}),
            wanted: 'enabled',
            reason: null,
            installedAt: at,
          },
        });
        trust.rotate(inspected.rotations);
        await leaveGone(id);
        events.emit('extension.installed', { id, version });
        return infoOf(id);
      });
    },

    async update(request) {
      const file = await inspectFile(core, request.file);
      const { id, version } = file.inspected.manifest;
      return inTurn(id, async () => {
        const previous = findExtension(core, id);
        await gone.demand(request.projects);
        const inPlace = await updateVersion(core, previous, file, request);
        await leaveGone(id);
        if (inPlace) events.emit('extension.updated', { id, version, fromVersion: previous.version });
        return infoOf(id);
      });
    },

    decideUpdate: async ({ id: idOrName, accept, grants }) => {
      const { id } = findExtension(core, idOrName);
      return inTurn(id, async () => {
        const previous = findExtension(core, id);
        const staged = lock.value.staged.find((one) => one.id === id);
        if (staged === undefined)
          throw new MagFlockError('MF668', `no version of ${id} waits for a decision`, {
            fix: 'magflock ext list shows which wait; magflock ext update <file> brings a newer version',
          });
        const file = paths.packageOf(staged.sha256);
        if (accept) {
          const read = await inspectFile(core, file);
          if (read.inspected.sha256 !== staged.sha256)
            throw new MagFlockError('MF666', `the staged package of ${id} was altered`);
          const { projects, config, allowUnsigned } = staged;
          const wish = { projects, config, allowUnsigned, grants: grants ?? [], decided: true };
          await updateVersion(core, previous, read, wish);
          events.emit('extension.updated', { id, version: staged.version, fromVersion: previous.version });
        } else {
          await lock.change((state) => ({
            ...state,
            staged: state.staged.filter((one) => one.id !== id),
          }));
          await rm(file, { force: true });
        }
        return infoOf(id);
      });
    },

    async remove({ id: idOrName, keepData }) {
      // A removal that was cut off: its extension is out of the lock file already.
      const cutOff = journal.of(idOrName);
      if (cutOff?.kind === 'remove') {
        await inTurn(cutOff.id, async () => undefined);
        return { id: cutOff.id };
      }
      const { id } = findExtension(core, idOrName);
      return inTurn(id, async () => {
        const dependents = lock.value.extensions.filter(
          ({ manifest }) => manifest.dependencies?.[id] !== undefined,
        );
        if (dependents.length > 0) {
          throw new MagFlockError(
            'MF668',
            `${id} is needed by ${dependents.map((one) => one.name).join(', ')}`,
            { fix: 'remove those first' },
          );
        }
        await takeOut(core, findExtension(core, id), keepData === true);
        events.emit('extension.removed', { id });
        return { id };
      });
    },

    list: async () =>
      lock.value.extensions
        .map((installed) => extensionInfo(core, installed))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    info: async ({ id }) => infoOf(id),

    grant: async ({ id: idOrName, capability, scope, expiresAt }) => {
      const { id } = findExtension(core, idOrName);
      if (expiresAt !== undefined && !(Date.parse(expiresAt) > now()))
        throw new MagFlockError('MF100', `expiresAt: "${expiresAt}" is no time to come`);
      // What is taken away does not wait for an update that is under way.
      if (journal.of(id) !== undefined) {
        const held = lock.value.extensions.find((one) => one.id === id)?.grants ?? [];
        const left = held.map((one) => (one.capability === capability ? { ...one, scope } : one));
        runtime.regrant(id, narrowedGrants(left, held));
      }
      return inTurn(id, async () => {
        const installed = findExtension(core, id);
        const asked = installed.manifest.permissions.find((one) => one.capability === capability);
        const [surplus] = uncovered([{ capability, scope }], installed.manifest.permissions);
        if (surplus !== undefined) {
          throw new MagFlockError(
            'MF669',
            `${id} does not ask for ${capability} of ${surplus.scope.join(', ')}, so it cannot be granted`,
            { fix: `magflock ext info ${installed.name} shows what it asks for` },
          );
        }
        const grant: Grant = {
          capability,
          scope,
          reason: asked?.reason ?? '',
          grantedAt: new Date(now()).toISOString(),
          ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
        };
        const others = installed.grants.filter((one) => one.capability !== capability);
        await changeGrants(core, installed, scope.length === 0 ? others : [...others, grant]);
        return infoOf(id);
      });
    },

    enable: async ({ id: idOrName }) => {
      const { id } = findExtension(core, idOrName);
      return inTurn(id, async () => {
        const { wanted, name } = findExtension(core, id);
        if (wanted === 'quarantined') {
          throw new MagFlockError('MF663', `${id} is in quarantine`, {
            fix: `magflock ext release ${name} lets it in again`,
          });
        }
        await setWanted(id, 'enabled', null);
        // Also one that failed, or never came up, gets another try.
        const stands = runtime.facts(id)?.state ?? 'failed';
        if (wanted !== 'enabled' || stands === 'failed') await runtime.start(findExtension(core, id));
        return infoOf(id);
      });
    },

    disable: async ({ id: idOrName }) => {
      const { id } = findExtension(core, idOrName);
      return inTurn(id, async () => {
        if (findExtension(core, id).wanted === 'quarantined') return infoOf(id);
        await setWanted(id, 'disabled', 'an operator disabled it');
        await runtime.stop(id);
        return infoOf(id);
      });
    },

    quarantine: async ({ id: idOrName, reason }) => {
      const { id } = findExtension(core, idOrName);
      // Not after what is under way: this is the emergency stop.
      await runtime.quarantine(id, reason);
      return inTurn(id, async () => {
        await quarantine(id, reason);
        return infoOf(id);
      });
    },

    release: async ({ id: idOrName }) => {
      const { id } = findExtension(core, idOrName);
      return inTurn(id, async () => {
        const installed = findExtension(core, id);
        if (installed.wanted !== 'quarantined') return infoOf(id);
        const objection = await objectionTo(core, installed);
        if (objection !== undefined) {
          throw new MagFlockError('MF667', `${id} stays in quarantine: ${objection}`, {
            fix: 'install another version of it',
          });
        }
        await setWanted(id, 'enabled', null);
        events.emit('extension.released', { id });
        await runtime.start(findExtension(core, id));
        return infoOf(id);
      });
    },

    publishers: async () =>
      Object.entries(trust.publishers).map(([publisher, { key, trustedAt }]) => ({
        publisher,
        key,
        fingerprint: publicKey.fingerprint(key),
        trustedAt,
      })),
    trust: async ({ publisher, key }) => ({ fingerprint: trust.trust(publisher, key) }),
    async distrust({ publisher }) {
      trust.distrust(publisher);
      return { publisher };
    },

    async revoke(what) {
      trust.revoke(what);
      const hit: string[] = [];
      for (const { id } of lock.value.extensions) {
        await inTurn(id, async () => {
          const installed = lock.value.extensions.find((one) => one.id === id);
          if (installed === undefined || installed.wanted === 'quarantined') return;
          const objection = await objectionTo(core, installed);
          if (objection === undefined) return;
          await quarantine(id, objection);
          hit.push(id);
        });
      }
      return { quarantined: hit };
    },

    async quarantined(id, reason) {
      if (!lock.value.extensions.some((one) => one.id === id)) return;
      await inTurn(id, async () => {
        await setWanted(id, 'quarantined', reason);
        await own('extension.quarantine', id, { reason });
      });
    },

    async projectRemoved(project) {
      gone.note(project);
      for (const { id, projects } of lock.value.extensions) {
        if (!projects.includes(project)) continue;
        try {
          await inTurn(id, () => leaveProject(id, project));
        } catch (thrown) {
          log.error({ err: thrown, extension: id, project }, 'a removed project is still among its projects');
        }
      }
    },

    async schemaChanged(project) {
      for (const { id } of lock.value.extensions) {
        try {
          await inTurn(id, async () => {
            const installed = lock.value.extensions.find((one) => one.id === id);
            const login = installed && loginRequest(installed, project, now());
            if (installed?.projects.includes(project) !== true || login === undefined) return;
            if (login.read.length + login.write.length > 0) await settleLogins(core, installed, [project]);
          });
        } catch (thrown) {
          log.error({ err: thrown, extension: id, project }, 'an extension may lack rights on new tables');
        }
      }
    },

    async expireGrants() {
      let failed = false;
      for (const { id } of lock.value.extensions) {
        try {
          if (hasExpired(id)) await inTurn(id, () => expire(id));
        } catch (thrown) {
          failed = true;
          log.error({ err: thrown, extension: id }, 'an expired grant is still in a database');
        }
      }
      armTimer();
      if (failed) timer.set(now() + retryMs);
    },

    async stop() {
      timer.stop();
      await Promise.all(underWay);
      timer.stop();
    },
  };
  return lifecycle;
}
