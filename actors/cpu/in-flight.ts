import type { Socket } from 'node:net';
import type { Exchange } from './exchange.ts';

/** The requests that have begun and are not answered, in the order they began. */
export class InFlight {
  readonly #exchanges = new Set<Exchange>();

  get size(): number {
    return this.#exchanges.size;
  }

  begin(exchange: Exchange): void {
    this.#exchanges.add(exchange);
  }

  end(exchange: Exchange): void {
    this.#exchanges.delete(exchange);
  }

  /** Those of one connection, oldest first. Linear: asked only when a connection fails. */
  of(socket: Socket): readonly Exchange[] {
    return [...this.#exchanges].filter((exchange) => exchange.request.socket === socket);
  }

  /** Those that began before a moment of `performance.now()`. */
  begunBefore(moment: number): readonly Exchange[] {
    const found: Exchange[] = [];
    for (const exchange of this.#exchanges) {
      if ((exchange.marks[0] as number) >= moment) break;
      found.push(exchange);
    }
    return found;
  }
}
