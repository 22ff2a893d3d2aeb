import { setTimeout as sleep } from 'node:timers/promises';
import { createActorSystem } from '../../../runtime/actor-system.ts';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import { serveMeasures } from '../support/serve-measures.ts';
import type { MortalArgs, MortalProtocol } from './mortal.actor.ts';

/** Messages that wait behind the one that ends the thread. */
const waiting = 100;

const crashedAt = new SharedArrayBuffer(8);
const runs = new SharedArrayBuffer(4 * waiting);
// Each crash is measured as the first one: neither backoff nor intensity remembers those before.
const system = await createActorSystem({
  supervision: { intensity: { restarts: 1_000 }, backoff: { resetAfterMs: 0 } },
});
const mortal = await system.start<MortalProtocol>({
  id: 'mortal',
  module: moduleUrl('./mortal.actor', import.meta.url),
  args: { crashedAt, runs } satisfies MortalArgs,
  placement: { kind: 'thread' },
});

serveMeasures(
  {
    /** Milliseconds from the crash to the first answer of the next incarnation. Throws when a guarantee is broken. */
    async crash({ how, restMs }: { how: 'exit' | 'throw'; restMs: number }) {
      // As in a running machine: the part and its spare thread have been up for a while.
      await sleep(restMs);
      const counts = new Int32Array(runs).fill(0);
      const death = mortal.ask('die', how).then(
        () => 'answered',
        (error: { code?: string }) => error.code,
      );
      let answeredAt = 0n;
      const order: number[] = [];
      const asks = Array.from({ length: waiting }, async (_, number) => {
        const answer = await mortal.ask('work', number);
        if (answeredAt === 0n) answeredAt = process.hrtime.bigint();
        order.push(answer);
      });
      await Promise.all(asks);
      const code = await death;
      if (code !== 'MF601') throw new Error(`the message that ended the thread: ${code} instead of MF601`);
      if (counts.some((count) => count !== 1)) throw new Error(`runs of each message: ${counts.join()}`);
      if (order.some((number, index) => number !== index)) throw new Error(`order: ${order.join()}`);
      return Number(answeredAt - (new BigInt64Array(crashedAt)[0] ?? 0n)) / 1e6;
    },
  },
  () => system.stop(),
);
