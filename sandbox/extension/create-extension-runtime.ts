import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Grant } from '../../runtime/protocol/extensions.protocol.ts';
import { hookStartMs } from '../gate/hook-start-ms.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import { queueByKey } from '../lifecycle/queue-by-key.ts';
import { actor } from './extension.actor.ts';
import type { ExtensionFigures } from './extension-metrics.ts';
import type { ExtensionPlatform } from './extension-platform.ts';
import type { ExtensionCall, ExtensionProtocol } from './extension-protocol.ts';
import { ExtensionRecord } from './extension-record.ts';
import type { ExtensionRuntime, RuntimeListener } from './extension-runtime.ts';
import { runOnce } from './run-once.ts';
import type { RunningExtension } from './running-extension.ts';
import type { SecurityJournal } from './security-journal.ts';

/** Milliseconds a start, a swap or an end of an extension may take in all; each step has a budget of its own. */
const changeMs = 120_000;

interface InService {
  readonly name: string;
  readonly ref: ActorRef<ExtensionProtocol>;
  readonly running: RunningExtension;
}

/** The runtime as the part uses it, besides what the life cycle asks of it. */
export interface PartRuntime extends ExtensionRuntime {
  /**
   * Calls an extension for a project.
   * @throws MF665 when it is not in service there
   */
  call(id: string, call: ExtensionCall, options: { readonly timeoutMs: number }): Promise<string>;
  /** Was it taken out of service on purpose? */
  stopped(id: string): boolean;
  /** Forgets logs and history of all others: they are not installed any more, or never were. */
  keep(ids: ReadonlySet<string>): void;
  /** Facts for metrics, in the order in which they came into service. */
  figures(): readonly ExtensionFigures[];
  /** What is in service, with the grants in force, quarantined ones too. */
  inService(): readonly InstalledExtension[];
}

export interface ExtensionRuntimeOptions {
  readonly context: ActorContext;
  readonly platform: ExtensionPlatform;
  readonly security: SecurityJournal;
  readonly listener: RuntimeListener;
  /** What is in service, or granted, is another now. Settles when the replicas know. */
  readonly changed: () => Promise<void>;
}

/** Makes the runtime: an actor for each extension in service, below the part. */
export function createExtensionRuntime(options: ExtensionRuntimeOptions): PartRuntime {
  const { context, platform, security, listener, changed } = options;
  const records = new Map<string, ExtensionRecord>();
  const inService = new Map<string, InService>();
  /** Taken out on purpose, and not put back since. */
  const stopped = new Set<string>();
  const inTurn = queueByKey();

  function recordOf(id: string): ExtensionRecord {
    const record = records.get(id) ?? new ExtensionRecord(platform.now);
    records.set(id, record);
    return record;
  }

  function put(installed: InstalledExtension): InService {
    const { id, name } = installed;
    let running: RunningExtension | undefined;
    const ref = context.spawn(actor, {
      name,
      metered: true,
      args: {
        installed,
        platform,
        record: recordOf(id),
        security,
        attach: (made) => {
          running = made;
        },
        quarantined: (reason) => listener.quarantined(id, reason),
      },
    });
    const entry = { name, ref, running: running as unknown as RunningExtension };
    inService.set(id, entry);
    stopped.delete(id);
    return entry;
  }

  async function takeOut(id: string): Promise<void> {
    const entry = inService.get(id);
    if (entry === undefined) return;
    inService.delete(id);
    // New calls find nothing from here on, those that wait are answered, those that run may end.
    await entry.running.retire();
    await context.stop(entry.ref as ActorRef<never>);
  }

  /** Nothing answers yet, so there is nothing to go back to: it starts, or it is out again. */
  async function firstStart(installed: InstalledExtension): Promise<void> {
    try {
      await put(installed).ref.ask('start', null, { timeoutMs: changeMs });
    } catch (error) {
      await takeOut(installed.id);
      throw error;
    }
  }

  function outOfService(id: string): MagFlockError {
    return new MagFlockError('MF665', `The extension ${id} is not in service.`);
  }

  return {
    start: (installed) =>
      inTurn(installed.id, async () => {
        await takeOut(installed.id);
        platform.fleet.forgive(installed.id);
        const { ref } = put(installed);
        try {
          if (installed.wanted === 'enabled' && installed.manifest.startup === true) {
            await ref.ask('start', null, { timeoutMs: changeMs });
          }
        } finally {
          await changed();
        }
      }),
    replace: (installed) =>
      inTurn(installed.id, async () => {
        const there = inService.get(installed.id);
        if (there !== undefined) await there.ref.ask('replace', installed, { timeoutMs: changeMs });
        else await firstStart(installed);
        await changed();
      }),
    stop: (id) =>
      inTurn(id, async () => {
        stopped.add(id);
        if (!inService.has(id)) return;
        const gone = takeOut(id);
        await changed();
        await gone;
      }),
    run: (installed, entry) =>
      runOnce({
        installed,
        entry,
        platform,
        log: (level, text) =>
          context.log[level]({ extension: installed.id }, recordOf(installed.id).log(level, text)),
        undeclared: (capability, project) => {
          security.threat(installed.id, project, 'undeclared-capability');
          const { id, version, projects } = installed;
          const reason = `it used ${capability}, which its manifest does not declare, in ${entry}`;
          security.write({
            id,
            version,
            action: 'extension.ended',
            project,
            projects,
            reason,
            about: capability,
          });
        },
      }),
    regrant(id, grants: readonly Grant[]) {
      const entry = inService.get(id);
      const outdated = entry?.running.regrant(grants) === true;
      void inTurn(id, async () => {
        // The same version beside itself, as in any swap: no call is lost for a grant.
        if (outdated && inService.get(id) === entry)
          await entry?.ref.ask('replace', entry.running.installed, { timeoutMs: changeMs });
        await changed();
      }).catch((error: unknown) => {
        context.log.error({ err: error, extension: id }, 'grants are in force, but not everybody knows');
      });
    },
    async quarantine(id, reason) {
      const entry = inService.get(id);
      if (entry !== undefined) await entry.running.quarantine(reason);
    },
    facts: (id) => inService.get(id)?.running.facts(),
    logs: (id, limit) => records.get(id)?.lines(limit) ?? [],
    call(id, call, { timeoutMs }) {
      const entry = inService.get(id);
      if (entry === undefined) return Promise.reject(outOfService(id));
      const { ref, running } = entry;
      if (call.project === null || !running.installed.projects.includes(call.project)) {
        return Promise.reject(
          new MagFlockError('MF665', `The extension ${id} is not in service for ${call.project}.`),
        );
      }
      // Hooks are short and many; two mailboxes one after the other would be half of the cost of one.
      const isHook = call.entry === 'before' || call.entry === 'after';
      if (isHook && running.takesAtOnce) {
        return running.call(call, { deadline: platform.now() + timeoutMs });
      }
      return ref.ask('call', call, { timeoutMs: isHook ? timeoutMs + hookStartMs : timeoutMs });
    },
    figures: () =>
      [...inService.values()].map(({ name, running }) => {
        const { restarts, usage } = running.facts();
        return { name, restarts, usage };
      }),
    stopped: (id) => stopped.has(id),
    keep(ids) {
      for (const id of [...records.keys(), ...stopped]) {
        if (ids.has(id) || inService.has(id)) continue;
        records.delete(id);
        stopped.delete(id);
      }
    },
    inService: () => [...inService.values()].map(({ running }) => running.installed),
  };
}
