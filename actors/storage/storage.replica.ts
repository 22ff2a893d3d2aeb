import { availableParallelism } from 'node:os';
import { defineReplica, type ReplicaContext } from '../../runtime/placement/define-replica.ts';
import type { PsuReplica } from '../../runtime/protocol/psu.protocol.ts';
import type { StorageReplica } from '../../runtime/protocol/storage.protocol.ts';
import type { LaneDelta, LaneSnapshot } from './lane-state.ts';
import { laneOptions } from './postgres/pipeline/lane-options.ts';
import { Lanes } from './postgres/pipeline/lanes.ts';
import { registerLaneMetrics } from './postgres/pipeline/register-lane-metrics.ts';

interface State {
  readonly context: ReplicaContext;
  readonly lanes: Lanes;
}

/** Storage in a CPU thread: what every request needs comes to the request. */
export const replica = defineReplica<State, LaneSnapshot, LaneDelta, StorageReplica>({
  of: 'storage',

  init(context) {
    const { settings } = context;
    const lanes = new Lanes({
      ...laneOptions(settings, settings.cores || availableParallelism()),
      async sealed(project, outboxId) {
        const { rows } = await context.part('storage').ask('query', {
          database: 'control',
          text: 'select from cp_audit.entries where project = $1 and id = $2::uuid',
          values: [project, outboxId],
        });
        return rows.length > 0;
      },
      active: (projects) => context.part('storage').tell('active', { projects }),
    });
    registerLaneMetrics(context.metrics, lanes);
    return { context, lanes };
  },

  applySnapshot: ({ lanes }, snapshot) => lanes.applySnapshot(snapshot),
  applyDelta: ({ lanes }, delta) => lanes.applyDelta(delta),

  api({ context, lanes }) {
    let psu: PsuReplica | undefined;
    return {
      execute(plan, identity, outbox, { deadline, once }) {
        // Taken at the first request: the order in which the replicas of a thread start does not matter then.
        psu ??= context.replica('psu');
        const who = psu.open(identity);
        return once === undefined
          ? lanes.execute(plan, who, outbox, deadline)
          : lanes.executeOnce(plan, who, outbox, deadline, once);
      },
      get available() {
        return lanes.available;
      },
    };
  },

  stop: ({ lanes }) => lanes.close(),
});
