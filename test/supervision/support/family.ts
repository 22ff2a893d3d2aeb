import type { ChildEnd, ChildLife } from '../../../runtime/supervision/child-life.ts';
import type { ChildPolicy, ChildRecord } from '../../../runtime/supervision/child-record.ts';
import { createChildRecord } from '../../../runtime/supervision/create-child-record.ts';
import type { IntensityOptions } from '../../../runtime/supervision/intensity.ts';
import { SupervisorCore, type SupervisorCoreOptions } from '../../../runtime/supervision/supervisor-core.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What goes wrong in a family. */
export interface Faults {
  /** How many of the next starts of a child fail. */
  readonly failing: Map<string, number>;
  /** Children whose starts, from now on, never settle. */
  readonly hangingStarts: Set<string>;
  readonly hangingStops: Set<string>;
}

/** The first delay of a backoff without luck, in milliseconds. */
export const firstDelayMs = 10;

/** A supervisor with children that only write down what they are told, on a clock that a test moves. */
export class Family {
  /** `start a`, `stop a`, `kill a` … in order. */
  readonly calls: string[] = [];
  readonly clock: VirtualClock;
  readonly core: SupervisorCore<ChildRecord>;
  /** How the supervisor ended by itself. */
  readonly ends: ChildEnd[] = [];
  readonly faults: Faults = { failing: new Map(), hangingStarts: new Set(), hangingStops: new Set() };
  readonly #intensity: IntensityOptions | undefined;

  constructor(
    children: readonly ChildPolicy[],
    options: Omit<SupervisorCoreOptions<ChildRecord>, 'clock'> = {},
    clock = new VirtualClock(),
  ) {
    this.clock = clock;
    this.#intensity = options.intensity;
    this.core = new SupervisorCore<ChildRecord>({ onEnd: (end) => this.ends.push(end), ...options, clock });
    for (const policy of children) this.core.add(this.record(policy));
  }

  record(policy: ChildPolicy, life: ChildLife = this.life(policy.id)): ChildRecord {
    return createChildRecord(policy, life, { backoff: { random: () => 1 }, intensity: this.#intensity });
  }

  life(id: string): ChildLife {
    const { calls, faults } = this;
    return {
      start() {
        calls.push(`start ${id}`);
        const left = faults.failing.get(id) ?? 0;
        if (left > 0) faults.failing.set(id, left - 1);
        if (left > 0) return Promise.reject(new Error(`${id} cannot`));
        return faults.hangingStarts.has(id) ? new Promise(() => {}) : Promise.resolve();
      },
      stop() {
        calls.push(`stop ${id}`);
        return faults.hangingStops.has(id) ? new Promise(() => {}) : Promise.resolve('stopped');
      },
      async kill() {
        calls.push(`kill ${id}`);
      },
    };
  }

  child(id: string): ChildRecord {
    const child = this.core.get(id);
    if (child === undefined) throw new Error(`there is no ${id}`);
    return child;
  }

  /** Ids of the children that are ready. */
  get alive(): string {
    const ready = this.core.children().filter(({ state }) => state === 'ready');
    return ready.map(({ policy }) => policy.id).join(' ');
  }

  exit(id: string, reason: ChildEnd['reason'] = 'crash'): void {
    this.core.exited(id, { reason, detail: `${id} ${reason}` });
  }

  /** Lets a child crash as soon as it is ready, that many times. @returns how often it did */
  async crash(id: string, times: number): Promise<number> {
    let crashes = 0;
    while (crashes < times && this.ends.length === 0) {
      this.exit(id);
      crashes += 1;
      for (let waited = 0; this.child(id).state !== 'ready' && waited < 20_000; waited += 100) {
        await this.clock.pass(100);
      }
      if (this.child(id).state !== 'ready') break;
    }
    return crashes;
  }

  /** @returns what was called since the last time */
  taken(): string {
    return this.calls.splice(0).join(', ');
  }
}
