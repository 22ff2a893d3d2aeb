import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import { defineActor } from '../../../runtime/actor/define-actor.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Grant } from '../../../runtime/protocol/extensions.protocol.ts';
import { startActor } from '../../../runtime/testing/actor-test-kit.ts';
import type { BrokerRequest } from '../../../sandbox/broker/extension-broker.ts';
import type { CageFleet } from '../../../sandbox/cage/tenant.ts';
import {
  createExtensionRuntime,
  type PartRuntime,
} from '../../../sandbox/extension/create-extension-runtime.ts';
import type { ExtensionPlatform } from '../../../sandbox/extension/extension-platform.ts';
import { SecurityJournal } from '../../../sandbox/extension/security-journal.ts';
import type { InstalledExtension } from '../../../sandbox/lifecycle/installed-extension.ts';

/** A part with the runtime of extensions, its time and its surroundings in the hands of the test. */
export async function extensionsBench(fleet: CageFleet, overrides: Partial<ExtensionPlatform> = {}) {
  const syscalls: BrokerRequest[] = [];
  const closedBrokers: string[] = [];
  const quarantined: (readonly [id: string, reason: string])[] = [];
  const audited: Readonly<Record<string, unknown>>[] = [];
  let changes = 0;
  let runtime: PartRuntime | undefined;
  let clock = () => 0;
  const start = Date.now();
  const grants = new Map<InstalledExtension, readonly Grant[]>();
  const platform: ExtensionPlatform = {
    fleet,
    createBroker: (installed) => ({
      async syscall(request) {
        syscalls.push(request);
        const declared = installed.manifest.permissions.some(
          ({ capability }) => capability === request.capability,
        );
        if (declared) return { project: request.project };
        const details = { undeclared: true };
        throw new MagFlockError('MF610', `${request.capability} is not declared`, { details });
      },
      scopes: (capability) =>
        (grants.get(installed) ?? installed.grants).find((one) => one.capability === capability)?.scope ?? [],
      regrant: (next) => void grants.set(installed, next),
      close: async () => void closedBrokers.push(`${installed.id} ${installed.version}`),
    }),
    readCode: async ({ folder }) => folder,
    policy: {},
    onUndeclared: 'quarantine',
    callMs: 30_000,
    idleMs: 300_000,
    drainMs: 2_000,
    now: () => start + clock(),
    ...overrides,
  };
  const part = defineActor<ActorContext, Record<string, never>>({
    name: 'extensions',
    version: '1.0.0',
    init(context) {
      runtime = createExtensionRuntime({
        context,
        platform,
        security: new SecurityJournal(context, platform.now),
        listener: { quarantined: (id, reason) => void quarantined.push([id, reason]) },
        changed: async () => {
          changes += 1;
        },
      });
      return context;
    },
    methods: {},
  });
  const kit = await startActor(part as never, {
    parts: {
      audit: {
        append: (fact: Readonly<Record<string, unknown>>) => {
          audited.push(fact);
          return { id: '1' };
        },
      },
    },
  });
  clock = () => kit.timers.now;
  const made = runtime as unknown as PartRuntime;
  return {
    kit,
    runtime: made,
    platform,
    syscalls,
    closedBrokers,
    quarantined,
    audited,
    get changes() {
      return changes;
    },
    /** A request of an extension in project main. */
    request: (id = 'acme.hello', payload: unknown = {}, project = 'main') =>
      made.call(
        id,
        { entry: 'request', payload: JSON.stringify(payload), project, requestId: 'r-1' },
        { timeoutMs: 30_000 },
      ),
    events: (name: string) => kit.events.filter((each) => each.name === name).map(({ payload }) => payload),
    async close() {
      for (const { id } of made.inService()) await made.stop(id);
      await kit.stop();
      await fleet.stop();
    },
  };
}
