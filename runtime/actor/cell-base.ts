import type { Health } from '../motherboard/health.ts';
import type { AnyActor } from './any-actor.ts';
import { CellExtras } from './cell-extras.ts';
import type { CellHost } from './cell-host.ts';
import type { CellPhase } from './cell-phase.ts';
import type { Job, Mailbox } from './mailbox.ts';
import type { WaitRoom } from './wait-room.ts';

/** What a cell is and says of itself, without what it does. `ActorCell` is the only one. */
export abstract class CellBase<Cell> {
  /** Its name, or its number when it has none. */
  readonly key: string | number;
  readonly host: CellHost;
  /** The actor that spawned this one; undefined for a part. */
  readonly parent: Cell | undefined;
  /** Lives it has had. */
  incarnation = 0;
  /** Messages run and failed since the cell was made. */
  handled = 0;
  failed = 0;
  #extras: CellExtras | undefined;

  constructor(key: string | number, host: CellHost, parent?: Cell) {
    this.key = key;
    this.host = host;
    this.parent = parent;
  }

  abstract get phase(): CellPhase;
  abstract get definition(): AnyActor | undefined;
  abstract get state(): unknown;
  abstract get mailbox(): Mailbox;
  abstract get held(): boolean;
  abstract enqueueJob(job: Job): void;

  get name(): string {
    return typeof this.key === 'string' ? this.key : `$${this.key}`;
  }

  get path(): string {
    const known = this.#extras?.path;
    if (known !== undefined) return known;
    const above = (this.parent as CellBase<Cell> | undefined)?.path ?? '';
    const path = `${above}/${this.name}`;
    // Kept where somebody keeps extras anyway.
    if (this.#extras !== undefined) this.#extras.path = path;
    return path;
  }

  get extras(): CellExtras {
    this.#extras ??= new CellExtras();
    return this.#extras;
  }

  /** What there is of extras, without making them. */
  get hasExtras(): CellExtras | undefined {
    return this.#extras;
  }

  get waitRoom(): WaitRoom {
    return this.extras.waitRoom;
  }

  /** Does this mailbox make its senders wait? */
  get waits(): boolean {
    return this.definition?.mailbox?.overflow === 'wait';
  }

  /** First credits of a sending thread. */
  grant(): number {
    return this.waitRoom.grant(this.mailbox.limit);
  }

  /** Runs `work` while no message runs (for `concurrency` > 1: in one of its places). */
  exclusive<T>(work: (state: unknown) => T | Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.enqueueJob(async () => {
        try {
          resolve(await work(this.state));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  async healthCheck(): Promise<Health> {
    if (this.held) {
      const fix = `magflock actor ${this.path} resume`;
      return { status: 'degraded', summary: 'suspended by an operator', fix };
    }
    const check = this.phase === 'waiting' ? undefined : this.definition?.healthCheck;
    if (check !== undefined) return check(this.state);
    return this.phase === 'ready'
      ? { status: 'ok', summary: 'answers' }
      : { status: 'failed', summary: `is ${this.phase}` };
  }

  capabilities(): readonly string[] {
    return this.definition?.getCapabilities?.(this.state) ?? [];
  }
}
