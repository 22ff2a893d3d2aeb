import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { ActorSystem } from '../../runtime/actor-system.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { moduleUrl } from '../../runtime/placement/module-url.ts';
import type { DroneProtocol } from './drone.protocol.ts';
import { tally } from './tally.ts';

/** Asks that are on their way at a time. */
const inFlight = 128;
/** Far longer than a crash and its restart take on a machine that has much to do. */
const timeoutMs = 60_000;

const parts = ['north', 'south', 'east', 'here'] as const;
const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)] as T;

/** Asks, tells, children, topics, swaps and kills at random, for as long as it is let. */
export class Load {
  readonly #system: ActorSystem;
  readonly #counts = new SharedArrayBuffer(4 * tally.places);
  readonly #until: () => boolean;
  /** Outcomes of asks: `answered`, or the code of an error. */
  readonly outcomes = new Map<string, number>();
  asked = 0;
  settled = 0;
  told = 0;
  kills = 0;
  swaps = 0;

  /** @param goesOn false when it shall end */
  constructor(system: ActorSystem, goesOn: () => boolean) {
    this.#system = system;
    this.#until = goesOn;
  }

  get tellsRun(): number {
    return Atomics.load(new Int32Array(this.#counts), tally.tellsRun);
  }

  get heard(): number {
    return Atomics.load(new Int32Array(this.#counts), tally.heard);
  }

  async start(): Promise<void> {
    for (const id of parts) {
      await this.#system.start({
        id,
        module: moduleUrl('./drone.actor', import.meta.url),
        placement: { kind: id === 'here' ? 'inline' : 'thread' },
        args: { counts: this.#counts, kid: true },
      });
    }
  }

  /** Resolves when it was told to end and every ask is settled. */
  async run(): Promise<void> {
    await Promise.all([
      ...Array.from({ length: inFlight }, () => this.#askOn()),
      this.#tellOn(),
      this.#killOn(),
    ]);
  }

  #drone(path: string): ActorRef<DroneProtocol> {
    return this.#system.ref(path);
  }

  async #askOn(): Promise<void> {
    while (this.#until()) {
      const part = pick(parts);
      const path = `/${part}${Math.random() < 0.3 ? '/kid' : ''}`;
      const options = { timeoutMs, priority: Math.random() < 0.1 ? 'high' : 'normal' } as const;
      const dice = Math.random();
      if (dice < 0.6)
        await this.#settle(
          this.#drone(path).ask('work', { text: 'x'.repeat(pick([0, 100, 5_000])) }, options),
        );
      else if (dice < 0.75) await this.#settle(this.#drone(path).ask('slow', { ms: 2 }, options));
      else if (dice < 0.85) {
        // A route that has a direction cannot close a circle.
        const to = parts[parts.indexOf(part) + 1];
        if (to !== undefined) await this.#settle(this.#drone(path).ask('pass', { to: `/${to}` }, options));
      } else if (dice < 0.95) await this.#settle(this.#drone(`/${part}`).ask('brood', null, options));
      else this.#drone(path).tell('publish', this.asked);
    }
  }

  async #settle(asked: Promise<unknown>): Promise<void> {
    this.asked += 1;
    const outcome = await asked.then(
      () => 'answered',
      (error: MagFlockError) => error.code as string,
    );
    this.settled += 1;
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }

  /** Tells to parts: each of them must run, whatever happens to the part. */
  async #tellOn(): Promise<void> {
    while (this.#until()) {
      for (let count = 0; count < 20; count++) {
        this.#drone(`/${pick(parts)}`).tell('work', { text: '', told: true });
        this.told += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #killOn(): Promise<void> {
    while (this.#until()) {
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 600));
      const part = pick(parts);
      const how = pick(['thread', 'defect', 'uncaught', 'exit', 'swap', 'swap', 'restart', 'kid'] as const);
      if (how === 'swap') {
        // One that has just crashed cannot be swapped.
        await this.#system.motherboard.swap(part).then(
          () => (this.swaps += 1),
          () => {},
        );
        continue;
      }
      this.kills += 1;
      if (how === 'restart') await this.#system.motherboard.restart(part).catch(() => {});
      else if (how === 'kid') this.#drone(`/${part}/kid`).tell('end', 'defect');
      // The main thread must not end.
      else this.#drone(`/${part}`).tell('end', part === 'here' && how !== 'exit' ? 'defect' : how);
    }
  }
}
