import { didYouMean } from '../errors/did-you-mean.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorHost } from '../placement/actor-host.ts';
import { type Introspection, introspection } from '../placement/introspection.ts';
import type { Placement } from '../placement/placement.ts';
import type { Switchboard } from '../placement/switchboard.ts';
import type {
  ActorReport,
  MachineTree,
  PartNode,
  ThreadReport,
  TreeProtocol,
} from '../protocol/tree.protocol.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import type { SupervisedChild, SupervisedGroup } from '../supervision/supervised-child.ts';
import type { BlockedThread } from '../telemetry/watchdog.ts';

export interface TreeOptions {
  readonly host: ActorHost;
  readonly switchboard: Switchboard;
  readonly version: string;
  startedAt(): string;
  children(): readonly SupervisedChild[];
  groups(): readonly SupervisedGroup[];
  placementOf(spec: ChildSpec): Placement;
  restart(id: string): Promise<number>;
  blocked(): readonly BlockedThread[];
}

/** Milliseconds a thread gets to answer: the picture must come while one is blocked. */
const answerMs = 1_000;
const shownChildren = 20;

export type Tree = {
  readonly [M in keyof TreeProtocol]: (
    request: Parameters<TreeProtocol[M]>[0],
  ) => Promise<ReturnType<TreeProtocol[M]>>;
} & {
  /** What a thread says of its actors. Rejects when it does not answer. */
  observe(thread: string): Promise<readonly ActorReport[]>;
};

/** The actors of the machine, for operators: what they are and do, and the handles they have. */
export function createTree(options: TreeOptions): Tree {
  const { host, switchboard } = options;
  const here = introspection(host);

  function ask<O extends keyof Introspection>(
    thread: string,
    order: O,
    request: Parameters<Introspection[O]>[0],
  ): Promise<ReturnType<Introspection[O]>> {
    if (thread === host.thread) {
      return (async () => here[order](request as never) as ReturnType<Introspection[O]>)();
    }
    const live = switchboard.thread(thread);
    if (live === undefined) {
      return Promise.reject(new MagFlockError('MF607', `thread ${thread} is not running`));
    }
    return live.order(order, request as never, answerMs) as Promise<ReturnType<Introspection[O]>>;
  }

  /** The thread of an actor that is there. Throws MF604 with the name that was meant. */
  function threadOf(path: string): string {
    const id = path.replace(/^\//, '').split('/')[0] as string;
    if (id === 'motherboard') return host.thread;
    const children = options.children();
    const child = children.find(({ spec }) => spec.id === id);
    if (child !== undefined) return options.placementOf(child.spec).threadOf(child.spec);
    const known = children.map(({ spec }) => spec.id);
    const meant = didYouMean(id, known);
    throw new MagFlockError('MF604', `there is no actor /${id}`, {
      details: { path },
      fix: meant === undefined ? `there are ${known.join(', ')}` : `did you mean /${meant}?`,
    });
  }

  const to = <O extends 'inspect' | 'trace'>(order: O, request: Parameters<Introspection[O]>[0]) =>
    ask(threadOf(request.path), order, request);

  async function hold(path: string, on: boolean): Promise<{ readonly suspended: boolean }> {
    if (on && path.replace(/^\//, '') === 'motherboard') {
      throw new MagFlockError('MF651', '/motherboard cannot be suspended: nobody could let it go on');
    }
    await ask(threadOf(path), 'hold', { path, on });
    return { suspended: on };
  }

  return {
    observe: async (thread) => (await ask(thread, 'observe', { children: 0 })).actors,
    async tree({ children = shownChildren }) {
      const names = [host.thread, ...switchboard.threads().map(({ name }) => name)];
      const reports = await Promise.all(
        names.map((thread) =>
          ask(thread, 'observe', { children }).then(
            (report): Report => ({ ...report, answers: true }),
            () => silent(thread),
          ),
        ),
      );
      const blocked = options.blocked().map(({ actor, thread, method, running, forMs }) => ({
        ...{ thread, method, running },
        path: actor,
        forMs: Math.round(forMs),
      }));
      return {
        at: new Date().toISOString(),
        pid: process.pid,
        version: options.version,
        startedAt: options.startedAt(),
        parts: options.children().map((child) => partNode(child, options.placementOf(child.spec), reports)),
        groups: options.groups().map(({ path, spec, state, restarts, lastError, group }) => ({
          ...{ path, state, restarts, strategy: spec.supervisor.strategy },
          group: group?.path ?? null,
          lastError: lastError ?? null,
        })),
        threads: reports.map(({ actors: _actors, replicas: _replicas, ...facts }) => facts),
        blocked,
      } satisfies MachineTree;
    },
    actor: async ({ path }) => to('inspect', { path }),
    trace: async (request) => to('trace', request),
    suspend: ({ path }) => hold(path, true),
    resume: ({ path }) => hold(path, false),
    async restartActor({ path }) {
      const thread = threadOf(path);
      const names = path.replace(/^\//, '').split('/');
      if (names.length === 1) return { incarnation: await options.restart(names[0] as string) };
      return { incarnation: (await ask(thread, 'restartChild', { path })) + 1 };
    },
  };
}

type Report = ThreadReport & { readonly answers: boolean };

/** A thread that does not answer: it is blocked, or it starts. */
function silent(thread: string): Report {
  return { thread, eventLoop: 1, heapBytes: 0, heapLimitBytes: 0, actors: [], replicas: [], answers: false };
}

function partNode(
  { spec, state, incarnation, restarts, lastError, group }: SupervisedChild,
  placement: Placement,
  reports: readonly Report[],
): PartNode {
  const thread = placement.threadOf(spec);
  const actors = reports.find((report) => report.thread === thread)?.actors ?? [];
  const actor: ActorReport | null = actors.find(({ name }) => name === spec.id) ?? null;
  const copies = reports.flatMap((report) =>
    report.replicas
      .filter(({ owner }) => owner === spec.id)
      .map((copy) => ({ thread: report.thread, incarnation: copy.incarnation })),
  );
  return {
    path: `/${spec.id}`,
    group: group?.path ?? null,
    state: state === 'ready' && actor?.suspended === true ? 'suspended' : state,
    placement: spec.placement.kind,
    thread,
    incarnation,
    restarts,
    restart: spec.restart ?? 'permanent',
    requires: spec.requires ?? [],
    lastError: lastError ?? null,
    actor,
    replicas: copies,
  };
}
