import { Deque } from '../actor/deque.ts';
import { estimateBytes } from '../actor/estimate-bytes.ts';
import type { Outgoing } from './outgoing.ts';

interface Target {
  /** Messages that may still be sent. */
  left: number;
  requested: boolean;
  readonly held: Deque<Outgoing>;
}

/**
 * The sender's side of `wait` mailboxes on one link: a message goes only against a credit that its receiver
 * gave, and waits here, in order, while there is none. A slow receiver thus slows its senders down instead of
 * refusing them.
 */
export class CreditGate {
  readonly #request: (target: string) => void;
  readonly #targets = new Map<string, Target>();
  #length = 0;
  #bytes = 0;

  /** @param request asks the receiver for first credits */
  constructor(request: (target: string) => void) {
    this.#request = request;
  }

  /** Messages held. */
  get length(): number {
    return this.#length;
  }

  /** Estimated bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a credit. @returns false when there is none: then the message is held */
  pass(outgoing: Outgoing): boolean {
    const target = this.#target(outgoing.address.target);
    if (target.left > 0 && target.held.length === 0) {
      target.left -= 1;
      return true;
    }
    target.held.push(outgoing);
    this.#count([outgoing], 1);
    this.#ask(outgoing.address.target, target);
    return false;
  }

  /** Messages that were sent to an incarnation that died unstarted: they go first. */
  holdFirst(unstarted: readonly Outgoing[]): void {
    for (const outgoing of [...unstarted].reverse()) {
      this.#target(outgoing.address.target).held.prepend([outgoing]);
    }
    this.#count(unstarted, 1);
  }

  /** The receiver takes more. @returns messages that may go now, each against one credit */
  credit(name: string, count: number): readonly Outgoing[] {
    const target = this.#target(name);
    target.left += count;
    const free: Outgoing[] = [];
    while (target.left > 0) {
      const outgoing = target.held.shift();
      if (outgoing === undefined) break;
      this.#count([outgoing], -1);
      if (outgoing.settled) continue;
      target.left -= 1;
      free.push(outgoing);
    }
    return free;
  }

  /** A new connection: what the former incarnation granted is void. */
  reset(): void {
    for (const [name, target] of this.#targets) {
      target.left = 0;
      target.requested = false;
      if (target.held.length > 0) this.#ask(name, target);
    }
  }

  /** Takes out what matches. */
  extract(matches: (outgoing: Outgoing) => boolean): readonly Outgoing[] {
    const taken = [...this.#targets.values()].flatMap(({ held }) => held.extract(matches));
    this.#count(taken, -1);
    return taken;
  }

  /** The actor has another thread now. @returns what was held for it, in order; what it granted is void */
  forget(name: string): readonly Outgoing[] {
    const held = this.#targets.get(name)?.held.extract(() => true) ?? [];
    this.#count(held, -1);
    this.#targets.delete(name);
    return held;
  }

  #count(messages: readonly Outgoing[], sign: 1 | -1): void {
    this.#length += sign * messages.length;
    for (const { payload } of messages) this.#bytes += sign * estimateBytes(payload);
  }

  #ask(name: string, target: Target): void {
    if (target.requested) return;
    target.requested = true;
    this.#request(name);
  }

  #target(name: string): Target {
    let target = this.#targets.get(name);
    if (target === undefined) {
      target = { left: 0, requested: false, held: new Deque() };
      this.#targets.set(name, target);
    }
    return target;
  }
}
