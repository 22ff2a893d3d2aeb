import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { ActorCell } from '../actor/actor-cell.ts';
import { Meter } from '../actor/meter.ts';
import { MeterTap } from '../actor/meter-tap.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorDetail, ActorReport, ThreadReport, TracePage } from '../protocol/tree.protocol.ts';
import { redactValue } from '../telemetry/redact-value.ts';
import type { ActorHost } from './actor-host.ts';

/** What a thread tells of its actors, and does to one of them, when an operator asks. */
export interface Introspection {
  /** Its actors, each with at most so many of its children. */
  observe(request: { readonly children: number }): ThreadReport;
  inspect(request: { readonly path: string }): ActorDetail;
  trace(request: { readonly path: string; readonly end?: boolean }): TracePage;
  /** Suspends an actor, or lets it go on. */
  hold(request: { readonly path: string; readonly on: boolean }): void;
  /** Ends the incarnation of a child as a crash would. @returns the incarnation that ends */
  restartChild(request: { readonly path: string }): number;
}

/** Levels of the tree that are described. */
const levels = 4;
/** Names among which a mistyped one is looked for. */
const candidates = 1_000;

export function introspection(host: ActorHost): Introspection {
  let last = performance.eventLoopUtilization();
  let share = 0;
  let measuredAt = performance.now();

  /** Over at least half a second, so that several who ask do not take each other's share. */
  function eventLoop(): number {
    if (performance.now() - measuredAt > 500) {
      const now = performance.eventLoopUtilization();
      share = performance.eventLoopUtilization(now, last).utilization;
      last = now;
      measuredAt = performance.now();
    }
    return share;
  }

  return {
    observe({ children }) {
      const heap = getHeapStatistics();
      return {
        thread: host.thread,
        eventLoop: eventLoop(),
        heapBytes: heap.used_heap_size,
        heapLimitBytes: heap.heap_size_limit,
        actors: host.cells().map((cell) => report(cell, children, levels)),
        replicas: host.replicas.all(),
      };
    },
    inspect({ path }) {
      const cell = find(host, path);
      const { definition, extras, mailbox } = cell;
      const quotas = { ...definition?.quotas, ...extras.quotas };
      const shows = definition?.inspect !== undefined && cell.phase !== 'waiting';
      return {
        ...report(cell, 100, 1),
        thread: host.thread,
        overflow: mailbox.overflow,
        mailboxLimit: mailbox.limit,
        stashed: extras.stash.length,
        lastError: extras.lastError ?? null,
        quotas: Object.keys(quotas).length === 0 ? null : quotas,
        state: shows ? redactValue(definition.inspect?.(cell.state)) : null,
      };
    },
    trace({ path, end }) {
      const { extras } = find(host, path);
      if (end === true) {
        if (extras.meter !== undefined) extras.meter.tap = undefined;
        return { messages: [], missed: 0 };
      }
      extras.meter ??= new Meter();
      extras.meter.tap ??= new MeterTap();
      return extras.meter.tap.take();
    },
    hold({ path, on }) {
      const cell = find(host, path);
      if (on) cell.hold();
      else cell.release();
    },
    restartChild({ path }) {
      const cell = find(host, path);
      const { incarnation } = cell;
      if (cell.parent === undefined || (cell.extras.spawn?.restart ?? 'temporary') === 'temporary') {
        throw new MagFlockError('MF651', `${path} is temporary: nobody would start it again`);
      }
      cell.exit({ kind: 'crash', detail: 'restarted by an operator' });
      return incarnation;
    },
  };
}

function report(cell: ActorCell, limit: number, left: number): ActorReport {
  const extras = cell.hasExtras;
  const children = extras === undefined || left === 0 ? [] : firstOf(extras.children.values(), limit);
  return {
    path: cell.path,
    name: cell.name,
    version: cell.definition?.version ?? '',
    phase: cell.phase,
    suspended: cell.held,
    incarnation: cell.incarnation,
    mailbox: cell.waiting,
    mailboxBytes: cell.waitingBytes,
    running: cell.running,
    handled: cell.handled,
    failed: cell.failed,
    meter: extras?.meter?.read() ?? null,
    childCount: extras?.childCount ?? 0,
    children: children.map((child) => report(child, limit, left - 1)),
  };
}

function firstOf<T>(values: Iterable<T>, limit: number): readonly T[] {
  const first: T[] = [];
  for (const value of values) {
    if (first.length >= limit) break;
    first.push(value);
  }
  return first;
}

/** The cell of an actor that is there. Throws MF604 with the name that was meant. */
function find(host: ActorHost, path: string): ActorCell {
  const names = path.replace(/^\//, '').split('/');
  let cell = host.cells().find(({ name }) => name === names[0]);
  for (const [index, name] of names.slice(1).entries()) {
    const children: ReadonlyMap<string | number, ActorCell> = cell?.hasExtras?.children ?? new Map();
    const child: ActorCell | undefined = children.get(name.startsWith('$') ? Number(name.slice(1)) : name);
    if (child === undefined) {
      const parent = `/${names.slice(0, index + 1).join('/')}`;
      const known = firstOf(children.values(), candidates).map((each) => each.name);
      const meant = didYouMean(name, known);
      const few = known.slice(0, 10).join(', ');
      throw new MagFlockError('MF604', `${parent} has no child ${name}`, {
        details: { path },
        fix:
          meant === undefined
            ? known.length === 0
              ? `${parent} has no children`
              : `there are ${few}`
            : `did you mean ${parent}/${meant}?`,
      });
    }
    cell = child;
  }
  if (cell === undefined) throw new MagFlockError('MF604', `there is no actor ${path} in ${host.thread}`);
  return cell;
}
