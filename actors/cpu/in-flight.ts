import type { Socket } from 'node:net';
import type { Exchange } from './exchange.ts';

/** The requests that have begun and are not answered, in the order they began: a doubly linked list. */
export class InFlight {
  #first: Exchange | undefined = undefined;
  #last: Exchange | undefined = undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  begin(exchange: Exchange): void {
    exchange.earlier = this.#last;
    if (this.#last === undefined) this.#first = exchange;
    else this.#last.later = exchange;
    this.#last = exchange;
    this.#size++;
  }

  end(exchange: Exchange): void {
    const { earlier, later } = exchange;
    if (earlier === undefined) this.#first = later;
    else earlier.later = later;
    if (later === undefined) this.#last = earlier;
    else later.earlier = earlier;
    exchange.earlier = undefined;
    exchange.later = undefined;
    this.#size--;
  }

  /** Those of one connection, oldest first. Linear: asked only when a connection fails. */
  of(socket: Socket): readonly Exchange[] {
    const found: Exchange[] = [];
    for (let exchange = this.#first; exchange !== undefined; exchange = exchange.later) {
      if (exchange.request.socket === socket) found.push(exchange);
    }
    return found;
  }

  /** Those that began before a moment of `performance.now()`. */
  begunBefore(moment: number): readonly Exchange[] {
    const found: Exchange[] = [];
    for (let exchange = this.#first; exchange !== undefined; exchange = exchange.later) {
      if ((exchange.marks[0] as number) >= moment) break;
      found.push(exchange);
    }
    return found;
  }
}
