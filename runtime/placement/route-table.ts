import { MagFlockError } from '../errors/magflock-error.ts';
import type { Route } from './route.ts';

/** The routes as one thread knows them. */
export class RouteTable {
  readonly #routes = new Map<string, Route>();
  readonly #listeners = new Set<(route: Route, before: Route | undefined) => void>();

  /** Takes over news from the main thread. */
  update(routes: readonly Route[]): void {
    const before = routes.map(({ name }) => this.#routes.get(name));
    for (const route of routes) this.#routes.set(route.name, route);
    for (const [index, route] of routes.entries()) {
      for (const listener of this.#listeners) listener(route, before[index]);
    }
  }

  get(name: string): Route | undefined {
    return this.#routes.get(name);
  }

  all(): readonly Route[] {
    return [...this.#routes.values()];
  }

  /** Why messages to this actor are refused, or undefined when they are taken. */
  refusal(name: string): MagFlockError | undefined {
    const route = this.#routes.get(name);
    if (route === undefined) {
      return new MagFlockError('MF604', `no actor is registered as ${name}`, { details: { part: name } });
    }
    if (route.state !== 'unavailable') return undefined;
    const why = route.reason === undefined ? '' : `: ${route.reason}`;
    return new MagFlockError('MF607', `${name} is not available${why}`, { details: { part: name } });
  }

  /** Calls back with each route that changed, and what it was, after the table has it. */
  onChange(listener: (route: Route, before: Route | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the route once `accept` takes it. */
  when(name: string, accept: (route: Route) => boolean): Promise<Route> {
    return this.watch(name, accept).promise;
  }

  /** The same, for those who may lose interest: `stop` forgets it. */
  watch(
    name: string,
    accept: (route: Route) => boolean,
  ): { readonly promise: Promise<Route>; readonly stop: () => void } {
    const now = this.#routes.get(name);
    if (now !== undefined && accept(now)) return { promise: Promise.resolve(now), stop: () => {} };
    let stop = () => {};
    const promise = new Promise<Route>((resolve) => {
      stop = this.onChange((route) => {
        if (route.name !== name || !accept(route)) return;
        stop();
        resolve(route);
      });
    });
    return { promise, stop: () => stop() };
  }
}
