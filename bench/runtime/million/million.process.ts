import type { ActorRef } from '../../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../../runtime/actor/define-actor.ts';
import { createActorSystem } from '../../../runtime/actor-system.ts';
import { serveMeasures } from '../support/serve-measures.ts';

// Started with --expose-gc, and anew for each round: memory of a process that has had a million actors before
// says nothing.

export interface MillionSample {
  /** Bytes for each actor: heap and external memory after garbage collection, less what was there before. */
  readonly bytesEach: number;
  /** The same after each has handled one message. */
  readonly bytesEachAfterMessage: number;
  readonly createdMs: number;
}

interface CellProtocol {
  add(amount: number): void;
}

let started = 0;
let handled = 0;
let allHandled: (() => void) | undefined;
let expected = 0;
const small = defineActor<{ total: number }, CellProtocol>({
  name: 'small',
  version: '1.0.0',
  init: () => {
    started += 1;
    return { total: 0 };
  },
  methods: {
    add(state, amount) {
      state.total += amount;
      handled += 1;
      if (handled === expected) allHandled?.();
    },
  },
});

const system = await createActorSystem();

async function bytesInUse(): Promise<number> {
  // Twice with a turn between: the first run finds what finalizers let go.
  for (let run = 0; run < 2; run++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function create(count: number): Promise<MillionSample> {
  expected = count;
  // Whoever wants to write to an actor keeps its ref: it belongs to what an actor costs.
  const refs = new Array<ActorRef<CellProtocol>>(count);
  const before = await bytesInUse();
  const startedAt = performance.now();
  for (let index = 0; index < count; index++) refs[index] = system.spawn(small);
  const createdMs = performance.now() - startedAt;
  if (started !== count) throw new Error(`${started} of ${count} were started`);
  const bytesEach = ((await bytesInUse()) - before) / count;

  await new Promise<void>((resolve) => {
    allHandled = resolve;
    for (const ref of refs) ref.tell('add', 1);
  });
  const bytesEachAfterMessage = ((await bytesInUse()) - before) / count;
  return { bytesEach, bytesEachAfterMessage, createdMs };
}

serveMeasures({ create: ({ count }: { count: number }) => create(count) });
