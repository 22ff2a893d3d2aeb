import type { Timers } from '../actor/timers.ts';

type Listener = (value: never) => void;

/** Faults of a pair of ports, to be switched on and off at any time. */
export interface PortFaults {
  /** Messages that are carried twice from now on. */
  duplicate(count: number): void;
  /** Messages that are lost from now on. */
  lose(count: number): void;
  /** Every message takes this much of the given clock. Order is kept. */
  delay(milliseconds: number, clock: Timers): void;
  /** The next posts find their value not cloneable. */
  refuseToClone(count: number): void;
  /** The connection breaks: what is on its way is lost, and both ends are closed. */
  cut(): void;
}

/** One end, with the part of `MessagePort` that programs use. */
export class MemoryPort {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #early: unknown[] = [];
  #closed = false;
  /** Carries a clone to the other end; set by the pair. */
  carry: (value: unknown) => void = () => {};
  onClosed: () => void = () => {};

  get closed(): boolean {
    return this.#closed;
  }

  /** Throws DataCloneError for what cannot cross to another thread, as a real port does. */
  postMessage(value: unknown, transfer: readonly ArrayBuffer[] = []): void {
    const clone = structuredClone(value, { transfer: [...transfer] });
    if (!this.#closed) this.carry(clone);
  }

  on(event: 'message' | 'close', listener: Listener): this {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    if (event === 'message') for (const value of this.#early.splice(0)) this.#emit('message', value);
    return this;
  }

  off(event: 'message' | 'close', listener: Listener): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  /** What comes before anybody listens waits, as in a real port. */
  receive(value: unknown): void {
    if (this.#closed) return;
    if ((this.#listeners.get('message')?.size ?? 0) === 0) this.#early.push(value);
    else this.#emit('message', value);
  }

  /** Both ends are closed, and hear of it. Also what the death of the thread at one end does. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    queueMicrotask(() => this.#emit('close', undefined));
    this.onClosed();
  }

  #emit(event: string, value: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(value as never);
  }
}

/** A pair of connected ports in one thread, which clones what it carries as a real one does, and fails when told to. */
export class MemoryPorts {
  readonly left = new MemoryPort();
  readonly right = new MemoryPort();
  readonly faults: PortFaults;
  #duplicated = 0;
  #lost = 0;
  #uncloneable = 0;
  #delay: { readonly milliseconds: number; readonly clock: Timers } | undefined;

  constructor() {
    for (const [from, to] of [
      [this.left, this.right],
      [this.right, this.left],
    ] as const) {
      from.carry = (value) => this.#carry(to, value);
      from.onClosed = () => to.close();
    }
    this.faults = {
      duplicate: (count) => {
        this.#duplicated = count;
      },
      lose: (count) => {
        this.#lost = count;
      },
      delay: (milliseconds, clock) => {
        this.#delay = { milliseconds, clock };
      },
      refuseToClone: (count) => {
        this.#uncloneable = count;
      },
      cut: () => this.left.close(),
    };
  }

  #carry(to: MemoryPort, value: unknown): void {
    if (this.#uncloneable > 0) {
      this.#uncloneable -= 1;
      throw new DOMException('the value could not be cloned', 'DataCloneError');
    }
    if (this.#lost > 0) {
      this.#lost -= 1;
      return;
    }
    this.#deliver(to, value);
    if (this.#duplicated > 0) {
      this.#duplicated -= 1;
      this.#deliver(to, structuredClone(value));
    }
  }

  #deliver(to: MemoryPort, value: unknown): void {
    if (this.#delay === undefined) queueMicrotask(() => to.receive(value));
    else this.#delay.clock.after(this.#delay.milliseconds, () => to.receive(value));
  }
}
