import { MagFlockError } from '../errors/magflock-error.ts';
import { handOver } from '../placement/hand-over.ts';
import type { Outgoing } from '../port/outgoing.ts';
import type { ActorCell } from './actor-cell.ts';
import type { AnyActor } from './any-actor.ts';
import { cellWatchers } from './cell-watchers.ts';
import { deliverLocally } from './deliver-locally.ts';
import { Deque } from './deque.ts';
import type { EntityOptions, KeptState } from './entities.ts';
import { HandlerMessage } from './handler-message.ts';
import { unanswered } from './unanswered.ts';

/** What a manager needs of the actor whose children the entities are. */
export interface EntityOwner {
  readonly path: string;
  /** @param make stands for `init` when a state is taken over */
  spawn(args: unknown, make: AnyActor['init'] | undefined): ActorCell;
  /** A message that cannot reach its entity. */
  refuse(outgoing: Outgoing, error: MagFlockError): void;
  failed(where: string, error: unknown): void;
}

/** `waits` for a place, `comes`, is `live`, or `goes`. */
interface Entity {
  readonly key: string;
  phase: 'waits' | 'comes' | 'live' | 'goes';
  cell: ActorCell | undefined;
  usedAt: number;
  queue: Outgoing[];
  /** Resolves when its cell has ended. */
  ended: Promise<void>;
}

const defaults = { passivateAfterMs: 60_000, limit: 1_000, held: 10_000 } as const;

/** See `Entities`. */
export class PassivationManager {
  readonly #owner: EntityOwner;
  readonly #definition: AnyActor;
  readonly #options: EntityOptions<unknown>;
  readonly #idleMs: number;
  readonly #limit: number;
  readonly #held: number;
  readonly #entities = new Map<string, Entity>();
  /** Those in memory, in the order of their last use. */
  readonly #inMemory = new Map<string, Entity>();
  readonly #kept = new Map<string, KeptState>();
  readonly #waiting = new Deque<Entity>();
  #live = 0;
  #going = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(owner: EntityOwner, definition: AnyActor, options: EntityOptions<unknown>) {
    this.#owner = owner;
    this.#definition = definition;
    this.#options = options;
    this.#idleMs = options.passivateAfterMs ?? definition.passivateAfterMs ?? defaults.passivateAfterMs;
    this.#limit = options.limit ?? defaults.limit;
    this.#held = options.held ?? defaults.held;
  }

  get live(): number {
    return this.#live;
  }

  send(key: string, outgoing: Outgoing): void {
    if (this.#closed) {
      this.#owner.refuse(outgoing, new MagFlockError('MF601', `${this.#owner.path} has ended`));
      return;
    }
    const entity = this.#entities.get(key) ?? this.#wanted(key);
    entity.usedAt = performance.now();
    if (entity.phase === 'live') {
      this.#used(entity);
      deliverLocally(entity.cell as ActorCell, outgoing);
      return;
    }
    if (entity.queue.length >= this.#held) {
      const error = new MagFlockError('MF603', `too many messages wait for ${key} of ${this.#owner.path}`);
      this.#owner.refuse(outgoing, error);
      return;
    }
    entity.queue.push(outgoing);
    if (entity.phase === 'waits') this.#admit();
  }

  async passivate(key: string): Promise<void> {
    const entity = this.#entities.get(key);
    if (entity?.phase === 'live') await this.#go(entity);
  }

  /** Lets all go, so that what they know is saved before their manager ends. */
  async leave(): Promise<void> {
    if (this.#options.save === undefined) return;
    this.#closed = true;
    await Promise.all([...this.#inMemory.keys()].map((key) => this.passivate(key)));
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    const error = new MagFlockError('MF601', `${this.#owner.path} has ended`);
    for (const { queue } of this.#entities.values()) {
      for (const outgoing of queue.splice(0)) this.#owner.refuse(outgoing, error);
    }
    this.#entities.clear();
    this.#inMemory.clear();
  }

  #wanted(key: string): Entity {
    const entity: Entity = {
      key,
      phase: 'waits',
      cell: undefined,
      usedAt: 0,
      queue: [],
      ended: Promise.resolve(),
    };
    this.#entities.set(key, entity);
    this.#waiting.push(entity);
    return entity;
  }

  /** The last one in the map is the one used last. */
  #used(entity: Entity): void {
    this.#inMemory.delete(entity.key);
    this.#inMemory.set(entity.key, entity);
  }

  /** Brings those who wait, as far as there are places, and makes room for the others. */
  #admit(): void {
    while (this.#waiting.length > 0 && this.#live < this.#limit) {
      this.#come(this.#waiting.shift() as Entity);
    }
    for (const entity of this.#inMemory.values()) {
      if (this.#waiting.length <= this.#going || this.#going === this.#live) return;
      if (entity.phase === 'live') void this.#go(entity);
    }
  }

  #come(entity: Entity): void {
    this.#live += 1;
    entity.phase = 'comes';
    let kept: KeptState | undefined | Promise<KeptState | undefined>;
    try {
      kept = this.#options.load === undefined ? this.#kept.get(entity.key) : this.#options.load(entity.key);
    } catch (error) {
      this.#failed(entity, error);
      return;
    }
    if (kept instanceof Promise) {
      kept.then(
        (state) => this.#begin(entity, state),
        (error: unknown) => this.#failed(entity, error),
      );
    } else this.#begin(entity, kept);
  }

  #begin(entity: Entity, kept: KeptState | undefined): void {
    if (this.#closed) return;
    const { handover } = this.#definition;
    const adopts = kept !== undefined && typeof handover === 'object';
    const make = adopts
      ? handOver.adopting(this.#definition, { exported: kept.state, fromVersion: kept.version })
      : undefined;
    let cell: ActorCell;
    try {
      cell = this.#owner.spawn(this.#options.args?.(entity.key, kept), make);
    } catch (error) {
      this.#failed(entity, error);
      return;
    }
    entity.cell = cell;
    entity.phase = 'live';
    this.#used(entity);
    entity.ended = new Promise((resolve) => {
      cellWatchers.add(cell, () => {
        resolve();
        if (entity.phase === 'live') this.#gone(entity);
      });
    });
    this.#deliver(entity);
    this.#timer ??= setInterval(() => this.#sweep(), Math.max(5, this.#idleMs / 2)).unref();
  }

  /** It leaves memory with its state kept, unless it turns out to be busy or the state cannot be kept. */
  async #go(entity: Entity): Promise<void> {
    const cell = entity.cell as ActorCell;
    entity.phase = 'goes';
    this.#going += 1;
    let kept = false;
    try {
      kept = await Promise.race([this.#keep(entity.key, cell), entity.ended.then(() => true)]);
    } catch (error) {
      this.#owner.failed(`passivation of ${entity.key}`, error);
    }
    this.#going -= 1;
    if (!kept && !this.#closed) {
      entity.phase = 'live';
      entity.usedAt = performance.now();
      this.#used(entity);
      cell.resume();
      this.#deliver(entity);
      // Another one, or this one again when it is less busy.
      setImmediate(() => this.#admit());
      return;
    }
    await cell.stop().catch((error: unknown) => this.#owner.failed(`stop of ${entity.key}`, error));
    this.#gone(entity);
  }

  /** @returns false when it has got work of its own meanwhile */
  async #keep(key: string, cell: ActorCell): Promise<boolean> {
    await drained(cell);
    await handOver.suspend(cell);
    if (cell.waiting > 0) return false;
    const { handover, snapshot } = this.#definition;
    let kept: KeptState | undefined;
    if (typeof handover === 'object') {
      const { exported, fromVersion } = await handOver.export(cell);
      kept = { version: fromVersion, state: exported };
    } else if (snapshot !== undefined) kept = { version: 0, state: await snapshot(cell.state) };
    if (kept === undefined) return true;
    if (this.#options.save === undefined) this.#kept.set(key, kept);
    else await this.#options.save(key, kept);
    return true;
  }

  #gone(entity: Entity): void {
    this.#live -= 1;
    entity.cell = undefined;
    this.#inMemory.delete(entity.key);
    if (this.#closed) return;
    this.#entities.delete(entity.key);
    const { queue } = entity;
    // What came meanwhile brings it back.
    if (queue.length > 0) this.#wanted(entity.key).queue = queue;
    if (this.#live === 0 && this.#waiting.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#admit();
  }

  #failed(entity: Entity, error: unknown): void {
    const known = MagFlockError.from(error);
    this.#owner.failed(`activation of ${entity.key}`, error);
    for (const outgoing of entity.queue.splice(0)) this.#owner.refuse(outgoing, known);
    this.#gone(entity);
  }

  #deliver({ cell, queue }: Entity): void {
    for (const outgoing of queue.splice(0)) {
      if (!outgoing.settled) deliverLocally(cell as ActorCell, outgoing);
    }
  }

  #sweep(): void {
    const before = performance.now() - this.#idleMs;
    for (const entity of [...this.#inMemory.values()]) {
      if (entity.usedAt > before) return;
      const { cell, phase } = entity;
      if (phase !== 'live' || cell === undefined) continue;
      if (cell.waiting === 0 && cell.running === 0) void this.#go(entity);
    }
  }
}

/** Resolves when everything that waits in the mailbox now has been started, or could not be waited for. */
function drained(cell: ActorCell): Promise<void> {
  return new Promise((resolve) => {
    const run = () => resolve();
    const source = { ...unanswered, fail: run, release: run };
    const own = { run, awaits: false, label: 0 };
    // No method has a blank in its name.
    cell.enqueue(new HandlerMessage(source, cell, own, 'passivation of the actor', undefined, cell.path));
  });
}
