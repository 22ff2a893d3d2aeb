import { LRUCache } from 'lru-cache';
import type { ShapeCount, ShapeStore } from './shape-store.ts';

/** What one route has sent. */
interface Route {
  readonly project: string;
  readonly route: string;
  readonly shapes: Map<string, number>;
  /** Counted since the last writing. */
  readonly fresh: Map<string, number>;
  total: number;
  /** When the newest shape was first seen. */
  newest: number;
}

/** Whether a route has sent a shape, and whether a new one would be strange. */
export interface ShapeFacts {
  readonly known: boolean;
  /** The route has sent many statements, and nothing new for a while. */
  readonly settled: boolean;
}

const mostRoutes = 500;
/** A route that sends more shapes composes them; a new one tells nothing. */
const mostShapes = 2_000;
const fewestStatements = 50;
const calmMs = 3_600_000;
const nothing: ShapeFacts = { known: false, settled: false };

/**
 * Shapes of statements per project and route, from the control database and back into it. Bounded; when the database
 * is away it begins empty, so that nothing is known and nothing is strange.
 */
export class ShapeBook {
  readonly #store: Pick<ShapeStore, 'load' | 'add'>;
  readonly #now: () => number;
  readonly #failed: (error: unknown) => void;
  readonly #unwritten = new Set<Route>();
  readonly #routes: LRUCache<string, Route>;
  readonly #loading = new Map<string, Promise<Route | undefined>>();

  /** @param failed hears why reading or writing went wrong; the book goes on */
  constructor(
    store: Pick<ShapeStore, 'load' | 'add'>,
    failed: (error: unknown) => void,
    now: () => number = Date.now,
  ) {
    this.#store = store;
    this.#failed = failed;
    this.#now = now;
    this.#routes = new LRUCache<string, Route>({ max: mostRoutes });
  }

  async look(project: string, route: string, fingerprint: string): Promise<ShapeFacts> {
    const found = await this.#route(project, route);
    if (found === undefined) return nothing;
    return {
      known: found.shapes.has(fingerprint),
      settled:
        found.total > fewestStatements &&
        found.shapes.size < mostShapes &&
        this.#now() - found.newest > calmMs,
    };
  }

  /** Counts a statement that was allowed and is in no way odd. */
  async learn(project: string, route: string, fingerprint: string): Promise<void> {
    const found = await this.#route(project, route);
    if (found === undefined) return;
    const count = found.shapes.get(fingerprint);
    if (count === undefined && found.shapes.size >= mostShapes) return;
    if (count === undefined) found.newest = this.#now();
    found.shapes.set(fingerprint, (count ?? 0) + 1);
    found.fresh.set(fingerprint, (found.fresh.get(fingerprint) ?? 0) + 1);
    found.total += 1;
    this.#unwritten.add(found);
  }

  /** Writes what was counted since the last time. To be called every few seconds, and before the end. */
  async flush(): Promise<void> {
    const counts: ShapeCount[] = [];
    for (const { project, route, fresh } of this.#unwritten) {
      for (const [fingerprint, count] of fresh) counts.push({ project, route, fingerprint, count });
      fresh.clear();
    }
    this.#unwritten.clear();
    if (counts.length === 0) return;
    try {
      await this.#store.add(counts);
    } catch (error) {
      // Only the counts are lost: the shapes come again with the next statements.
      this.#failed(error);
    }
  }

  /** The project is gone: its name may be given to another one. */
  forget(project: string): void {
    for (const [key, route] of this.#routes.entries()) {
      if (route.project !== project) continue;
      this.#routes.delete(key);
      this.#unwritten.delete(route);
    }
  }

  #route(project: string, route: string): Promise<Route | undefined> | Route {
    const key = `${project}\n${route}`;
    const found = this.#routes.get(key);
    if (found !== undefined) return found;
    const loading = this.#loading.get(key);
    if (loading !== undefined) return loading;
    const begun = this.#load(key, project, route).finally(() => this.#loading.delete(key));
    this.#loading.set(key, begun);
    return begun;
  }

  async #load(key: string, project: string, route: string): Promise<Route | undefined> {
    try {
      const shapes = await this.#store.load(project, route, mostShapes);
      const read: Route = {
        project,
        route,
        shapes: new Map(shapes.map(({ fingerprint, count }) => [fingerprint, count])),
        fresh: new Map(),
        total: shapes.reduce((sum, { count }) => sum + count, 0),
        newest: Math.max(0, ...shapes.map(({ firstSeen }) => firstSeen)),
      };
      this.#routes.set(key, read);
      return read;
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }
}
