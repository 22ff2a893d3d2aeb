import { timingSafeEqual } from 'node:crypto';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { defineReplica, type ReplicaContext } from '../../runtime/placement/define-replica.ts';
import type { GatewayReplica } from '../../runtime/protocol/gateway.protocol.ts';
import type { GatewayDefinition } from '../../runtime/protocol/gateway-extension.protocol.ts';
import { createBroker } from '../broker/broker.ts';
import { queryPlanCapability } from '../broker/capabilities/query-plan.capability.ts';
import { extensionLog } from './extension-log.ts';
import { hostGateway } from './host-gateway.ts';
import { loadExport } from './load-export.ts';
import type { SlotArguments } from './slot-arguments.ts';

type AnyGateway = GatewayDefinition<unknown, unknown, unknown>;

interface ReplicaState {
  readonly gateway: AnyGateway;
  readonly state: unknown;
  readonly api: GatewayReplica;
}

const activateTimeoutMs = 15_000;
/** Half of the digest; RFC 2104 §5 allows no less. */
const sealBytes = 16;

/** The gateway side of the extension in a slot, in each CPU thread. */
export const replica = defineReplica<ReplicaState, unknown, unknown, GatewayReplica, SlotArguments>({
  of: 'maggate',
  async init(context, args) {
    const gateway = (await loadExport(args.module, 'gateway')) as AnyGateway;
    const prefixes = gateway.mounts.map((mount) => (typeof mount === 'string' ? mount : mount.prefix));
    const broker = createBroker({
      id: context.path,
      // A gateway module has no manifest of its own: what it mounts is what it asks for.
      requested: [
        { capability: 'query.plan', scope: ['*'], reason: 'plans' },
        { capability: 'http.mount', scope: prefixes, reason: 'serves' },
      ],
      granted: args.grants,
      denied: (facts) => context.events.emit('extension.capability.denied', facts),
    });
    for (const prefix of prefixes) broker.demand('http.mount', prefix);
    const checkPlan = queryPlanCapability(broker);
    const owner = context.part('maggate');
    const state = gateway.init({
      log: extensionLog(context.log),
      config: Object.freeze({ ...args.config }),
      async activate(project) {
        await owner.ask('activate', { project }, { timeoutMs: activateTimeoutMs });
      },
      sign: (text) => sealOf(context, text).toString('base64url'),
      verify(text, signature) {
        const given = Buffer.from(signature, 'base64url');
        const seal = sealOf(context, text);
        // Buffer.from skips what is not base64url: only the text that `sign` gives counts.
        return (
          given.length === seal.length &&
          timingSafeEqual(given, seal) &&
          given.toString('base64url') === signature
        );
      },
    });
    return { gateway, state, api: hostGateway(gateway, state, checkPlan) };
  },
  applySnapshot({ gateway, state }, snapshot) {
    if (snapshot === null) {
      throw new MagFlockError('MF620', 'The owner side of the gateway has no snapshot for its replicas.', {
        fix: 'Give the extension a snapshot function.',
      });
    }
    gateway.applySnapshot(state, snapshot);
  },
  applyDelta: ({ gateway, state }, delta) => gateway.applyDelta(state, delta),
  api: ({ api }) => api,
});

/**
 * Bound to the extension, whichever thread it is in: the last part of a replica's path. The PSU is asked for at the first
 * use: the order in which replicas start does not matter.
 */
function sealOf(context: ReplicaContext, text: string): Buffer {
  const name = context.path.slice(context.path.lastIndexOf('/') + 1);
  return context.replica('psu').mac('cursors', `${name}\0${text}`).subarray(0, sealBytes);
}
