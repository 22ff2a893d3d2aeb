import { type ActorSystem, createActorSystem } from '../../../runtime/actor-system.ts';
import { rateFor } from '../support/rate-for.ts';
import { serveMeasures } from '../support/serve-measures.ts';

interface Order {
  readonly parameters: Readonly<Record<string, number>>;
  readonly operations: number;
  readonly milliseconds: number;
}

const { run } = (await import(`./magflock/${process.argv[2]}.ts`)) as {
  /** Resolves when the benchmark has run to its end once. */
  run(system: ActorSystem, parameters: Order['parameters']): Promise<void>;
};
const system = await createActorSystem();
serveMeasures(
  {
    rate: ({ parameters, operations, milliseconds }: Order) =>
      rateFor(milliseconds, operations, () => run(system, parameters)),
  },
  () => system.stop(),
);
