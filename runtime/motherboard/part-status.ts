import { actorFacts } from '../placement/actor-facts.ts';
import type { ActorHost } from '../placement/actor-host.ts';
import type { Placement } from '../placement/placement.ts';
import type { Switchboard } from '../placement/switchboard.ts';
import type { PartStatus } from '../protocol/motherboard.protocol.ts';
import type { SupervisedChild } from '../supervision/supervised-child.ts';

export interface StatusSources {
  readonly placement: Placement;
  readonly switchboard: Switchboard;
  readonly host: ActorHost;
  /** Milliseconds the part gets to answer. */
  readonly timeoutMs: number;
}

/** What is known of a part. Never throws: a part that does not answer is described by what its supervisor knows. */
export async function partStatus(child: SupervisedChild, sources: StatusSources): Promise<PartStatus> {
  const { spec, state } = child;
  const { placement, switchboard, host, timeoutMs } = sources;
  const threadName = placement.threadOf(spec);
  const thread = switchboard.thread(threadName);
  const ready = state === 'ready';
  const { kind } = spec.placement;
  const [facts, capabilities, health] = await Promise.all([
    threadName === host.thread
      ? actorFacts(host)
      : thread?.order('facts', null, timeoutMs).catch(() => undefined),
    ready ? placement.capabilities(spec, timeoutMs).catch(() => []) : [],
    ready ? placement.healthCheck(spec, timeoutMs).catch(() => null) : null,
  ]);
  const mine = facts?.[spec.id];
  return {
    path: child.path,
    name: spec.id,
    version: mine?.version ?? '',
    slot: spec.slot ?? 'component',
    state,
    placement: kind === 'thread' ? `thread ${threadName}` : kind,
    incarnation: child.incarnation,
    restarts: child.restarts,
    mailbox: mine?.mailbox ?? 0,
    startedAt: child.startedAt ?? null,
    lastError: child.lastError ?? null,
    capabilities,
    health,
    replicas: (spec.replicas ?? []).map(({ name }) => name),
  };
}
