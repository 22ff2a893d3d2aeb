import type { ActorCell } from '../actor/actor-cell.ts';
import { Message, type MessageSource } from '../actor/message.ts';
import { type PoolTask, poolFlag } from './pool-task.ts';

/**
 * A task as the message its method sees. Its signal looks at the shared word each time `aborted` is read, so that
 * a loop that never awaits can ask whether anybody still waits.
 */
export class PoolMessage extends Message {
  readonly #flag: Int32Array;
  #signal: AbortSignal | undefined;

  constructor(source: MessageSource, to: ActorCell, task: PoolTask) {
    const { method, payload, from, deadline, trace, chain } = task;
    super(source, 0, true, to, method, payload, from, deadline, false, trace, undefined, chain);
    this.#flag = new Int32Array(task.flag);
  }

  override get signal(): AbortSignal {
    if (this.#signal !== undefined) return this.#signal;
    const signal = super.signal;
    this.#signal = signal;
    Object.defineProperty(signal, 'aborted', {
      get: () => {
        const asked = Atomics.load(this.#flag, 0) === poolFlag.cancelled;
        if (asked && !this.cancelled) this.cancel();
        return Reflect.get(AbortSignal.prototype, 'aborted', signal);
      },
    });
    return signal;
  }
}
