import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { ModelVersion } from '../../runtime/protocol/patrol.protocol.ts';

/** Asks the patrol as a CPU thread does: from a thread of its own. */
export interface PoolAskerProtocol {
  /** One text at a time, the next after the answer; milliseconds of each. */
  time(request: { readonly texts: readonly string[]; readonly active: ModelVersion }): readonly number[];
}

/** The asker of `pool.bench.ts`. */
export const actor = defineActor<ActorContext, PoolAskerProtocol>({
  name: 'pool-asker',
  version: '1.0.0',
  init: (context) => context,
  methods: {
    async time(context, { texts, active }) {
      const patrol = context.part('patrol');
      const times: number[] = [];
      for (const text of texts) {
        const started = performance.now();
        await patrol.ask('judge', {
          agent: 'sqlguard',
          model: 'values',
          active,
          shadow: null,
          texts: [text],
          explainFrom: 0.5,
        });
        times.push(performance.now() - started);
      }
      return times;
    },
  },
});
