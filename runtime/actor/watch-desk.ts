import type { Route } from '../placement/route.ts';
import type { RouteTable } from '../placement/route-table.ts';
import type { ActorCell } from './actor-cell.ts';
import { cellWatchers } from './cell-watchers.ts';
import { linkedEnded } from './link-actors.ts';
import type { EndReason, Terminated } from './terminated.ts';
import type { WatchFrame } from './watch-frame.ts';

/** What the desk needs of its thread. */
export interface WatchHost {
  readonly thread: string;
  readonly routes: RouteTable;
  cell(path: string): ActorCell;
  sendWatch(thread: string, frame: WatchFrame): void;
}

/** A watch of an actor that is found by its path. */
interface Watch {
  readonly target: string;
  tell(terminated: Terminated): void;
}

const gone: EndReason = { kind: 'unavailable', detail: 'there is no such actor' };

/**
 * Who watches whom, in one thread. A part is watched by its route, which every thread has; a child in its cell, in
 * another thread by a pair of frames. A hot swap is no end: whoever watches the part goes on watching it.
 */
export class WatchDesk {
  readonly #host: WatchHost;
  /** Watches of parts, by name. */
  readonly #parts = new Map<string, Set<Watch>>();
  /** Watches of children in other threads, by id. */
  readonly #away = new Map<number, Watch & { readonly thread: string }>();
  /** Links from here to actors of other threads, by id. */
  readonly #linked = new Map<number, { readonly target: string; readonly from: string; thread: string }>();
  /** What actors of other threads watch and link here, by thread and id. */
  readonly #inbound = new Map<string, Map<number, { stop(): void; ended?(terminated: Terminated): void }>>();
  #ids = 0;

  constructor(host: WatchHost) {
    this.#host = host;
    host.routes.onChange((route, before) => this.#routed(route, before));
  }

  /** Watches that are kept here, for tests and figures. */
  get size(): number {
    let size = this.#away.size + this.#linked.size;
    for (const watches of this.#parts.values()) size += watches.size;
    for (const inbound of this.#inbound.values()) size += inbound.size;
    return size;
  }

  /**
   * @param target a cell of this thread, or a path without the first slash
   * @param tell called once, possibly at once
   * @returns a function that ends the watch
   */
  watch(target: ActorCell | string, tell: (terminated: Terminated) => void): () => void {
    if (typeof target !== 'string') {
      if (target.parent !== undefined) return this.#watchCell(target, tell);
      return this.watch(target.name, tell);
    }
    const part = target.split('/')[0] as string;
    const route = this.#host.routes.get(part);
    if (part === target) return this.#watchPart(route, target, tell);
    // A child lives no longer than its parent.
    if (route === undefined || !lives(route)) return this.#fire(target, tell, gone);
    if (route.thread === this.#host.thread) return this.#watchCell(this.#host.cell(target), tell);
    return this.#watchAway(route.thread, target, tell);
  }

  /**
   * Tells the other side of a link when this one ends; the watch in the other direction is the caller's.
   * @returns a function that ends it
   */
  link(cell: ActorCell, target: ActorCell | string): () => void {
    const other = typeof target === 'string' ? this.#here(target) : target;
    if (other !== undefined) {
      return cellWatchers.add(cell, (terminated) => linkedEnded(other, terminated));
    }
    const path = target as string;
    const thread = this.#host.routes.get(path.split('/')[0] as string)?.thread;
    if (thread === undefined) return () => {};
    const id = ++this.#ids;
    const link = { target: path, from: cell.path, thread };
    this.#linked.set(id, link);
    this.#host.sendWatch(thread, { kind: 'link', id, target: path, from: link.from });
    const forget = cellWatchers.add(cell, (terminated) => {
      if (this.#linked.delete(id)) this.#host.sendWatch(link.thread, { kind: 'ended', id, terminated });
    });
    return () => {
      forget();
      if (this.#linked.delete(id)) this.#host.sendWatch(link.thread, { kind: 'unlink', id });
    };
  }

  onFrame(thread: string, frame: WatchFrame): void {
    switch (frame.kind) {
      case 'watch':
        this.#watchedFrom(thread, frame.id, frame.target);
        break;
      case 'link':
        this.#linkedFrom(thread, frame.id, frame.target);
        break;
      case 'unwatch':
      case 'unlink':
        this.#take(thread, frame.id)?.stop();
        break;
      case 'ended': {
        const link = this.#take(thread, frame.id);
        link?.stop();
        link?.ended?.(frame.terminated);
        break;
      }
      case 'down': {
        const watch = this.#away.get(frame.id);
        this.#away.delete(frame.id);
        watch?.tell(frame.terminated);
        break;
      }
      default:
        frame satisfies never;
    }
  }

  /** A thread has ended, and everything in it. */
  threadDown(thread: string, reason: EndReason): void {
    const inbound = [...(this.#inbound.get(thread)?.values() ?? [])];
    this.#inbound.delete(thread);
    for (const each of inbound) {
      each.stop();
      each.ended?.({ path: `/${thread}`, incarnation: 0, reason });
    }
    for (const [id, link] of this.#linked) if (link.thread === thread) this.#linked.delete(id);
    this.#fireAway((watch) => watch.thread === thread, reason);
  }

  #here(target: string): ActorCell | undefined {
    const thread = this.#host.routes.get(target.split('/')[0] as string)?.thread;
    return thread === this.#host.thread ? this.#host.cell(target) : undefined;
  }

  #watchCell(cell: ActorCell, tell: (terminated: Terminated) => void): () => void {
    if (cell.phase === 'closed') return this.#fire(cell.path.slice(1), tell, gone);
    return cellWatchers.add(cell, tell);
  }

  #watchPart(route: Route | undefined, name: string, tell: (terminated: Terminated) => void): () => void {
    if (route === undefined) return this.#fire(name, tell, gone);
    if (route.state === 'unavailable') {
      return this.#fire(name, tell, { kind: 'unavailable', detail: route.reason ?? 'it is not available' });
    }
    const watch = { target: name, tell };
    const watches = this.#parts.get(name) ?? new Set();
    this.#parts.set(name, watches.add(watch));
    return () => {
      const rest = this.#parts.get(name);
      if (rest?.delete(watch) === true && rest.size === 0) this.#parts.delete(name);
    };
  }

  #watchAway(thread: string, target: string, tell: (terminated: Terminated) => void): () => void {
    const id = ++this.#ids;
    this.#away.set(id, { thread, target, tell });
    this.#host.sendWatch(thread, { kind: 'watch', id, target });
    return () => {
      if (this.#away.delete(id)) this.#host.sendWatch(thread, { kind: 'unwatch', id });
    };
  }

  #watchedFrom(thread: string, id: number, target: string): void {
    const down = (terminated: Terminated) => {
      this.#take(thread, id);
      this.#host.sendWatch(thread, { kind: 'down', id, terminated });
    };
    const cell = this.#host.cell(target);
    if (cell.phase === 'closed') {
      down({ path: `/${target}`, incarnation: 0, reason: gone });
      return;
    }
    this.#keep(thread, id, { stop: cellWatchers.add(cell, down) });
  }

  #linkedFrom(thread: string, id: number, target: string): void {
    const cell = this.#host.cell(target);
    // The linking side hears of it by its own watch.
    if (cell.phase === 'closed') return;
    // The same link again, after a hot swap.
    this.#take(thread, id)?.stop();
    this.#keep(thread, id, {
      stop: cellWatchers.add(cell, () => this.#take(thread, id)),
      ended: (terminated) => linkedEnded(cell, terminated),
    });
  }

  #keep(thread: string, id: number, entry: { stop(): void; ended?(terminated: Terminated): void }): void {
    const inbound = this.#inbound.get(thread) ?? new Map();
    this.#inbound.set(thread, inbound.set(id, entry));
  }

  #take(thread: string, id: number): { stop(): void; ended?(terminated: Terminated): void } | undefined {
    const inbound = this.#inbound.get(thread);
    const entry = inbound?.get(id);
    inbound?.delete(id);
    if (inbound?.size === 0) this.#inbound.delete(thread);
    return entry;
  }

  #routed(route: Route, before: Route | undefined): void {
    const { name } = route;
    const ended = before !== undefined && lives(before) && !lives(route);
    if (ended || route.state === 'unavailable') {
      const reason = ended ? route.ended : undefined;
      const detail = route.reason ?? 'it is not available';
      const watches = this.#parts.get(name) ?? [];
      this.#parts.delete(name);
      const incarnation = before !== undefined && lives(before) ? before.incarnation : 0;
      for (const { tell } of watches) {
        tell({ path: `/${name}`, incarnation, reason: reason ?? { kind: 'unavailable', detail } });
      }
    }
    const swapped = before !== undefined && lives(before) && lives(route) && before.thread !== route.thread;
    if (swapped) this.#linkAgain(route);
    // Its thread tells of its children; what it could not tell any more is told here.
    const anew = lives(route) && before !== undefined && !lives(before);
    if (anew || route.state === 'unavailable') {
      const reason = route.ended ?? { kind: 'unavailable', detail: `${name} has ended` };
      this.#fireAway(
        ({ target, thread }) => target.startsWith(`${name}/`) && thread !== route.thread,
        reason,
      );
      if (route.state === 'unavailable')
        this.#fireAway(({ target }) => target.startsWith(`${name}/`), reason);
    }
  }

  #linkAgain({ name, thread }: Route): void {
    for (const [id, link] of this.#linked) {
      if (link.target !== name) continue;
      link.thread = thread;
      this.#host.sendWatch(thread, { kind: 'link', id, target: link.target, from: link.from });
    }
  }

  #fireAway(matches: (watch: Watch & { readonly thread: string }) => boolean, reason: EndReason): void {
    for (const [id, watch] of this.#away) {
      if (!matches(watch)) continue;
      this.#away.delete(id);
      watch.tell({ path: `/${watch.target}`, incarnation: 0, reason });
    }
  }

  #fire(target: string, tell: (terminated: Terminated) => void, reason: EndReason): () => void {
    tell({ path: `/${target}`, incarnation: 0, reason });
    return () => {};
  }
}

/** Has the part an incarnation that others may know of? */
function lives({ state }: Route): boolean {
  return state === 'syncing' || state === 'ready';
}
