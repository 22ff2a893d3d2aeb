import type { DefinitionFacts } from '../placement/definition-facts.ts';

export interface SwapSituation {
  readonly id: string;
  readonly from: DefinitionFacts;
  readonly to: DefinitionFacts;
  /** Parts that run and require this one. */
  readonly dependants: readonly string[];
  /** Threads that carry a replica of it. */
  readonly replicas: readonly string[];
  readonly isReady: (part: string) => boolean;
}

/** Why one version cannot follow another. */
export interface SwapRefusal {
  readonly reason: string;
  /** May the operator insist? Not where the new version could not run at all. */
  readonly forcible: boolean;
}

/** Why this swap is not to be tried, or undefined. Nothing has been touched when it is asked. */
export function swapRefusal(situation: SwapSituation): SwapRefusal | undefined {
  const { id, from, to } = situation;
  const final = (reason: string) => ({ reason, forcible: false });
  const forcible = (reason: string) => ({ reason, forcible: true });
  if (from.handover === undefined) {
    return final(`${id} ${from.version} has no handover: it does not say how its state goes over`);
  }
  if (to.handover === undefined) {
    return final(`${id} ${to.version} has no handover: it does not say how it takes a state over`);
  }
  const missing = to.requires.find((part) => !situation.isReady(part));
  if (missing !== undefined) return final(`${id} ${to.version} requires ${missing}, which is not ready`);
  if (!to.snapshot && situation.replicas.length > 0) {
    return final(`${id} ${to.version} has no snapshot for its replicas in ${situation.replicas.join(', ')}`);
  }
  if (from.handover !== 'stateless') {
    if (to.handover === 'stateless') return forcible(`${id} ${to.version} would begin without the state`);
    if (to.handover < from.handover) {
      return forcible(`the state of ${id} has version ${from.handover}, ${to.version} knows ${to.handover}`);
    }
  }
  return dependantsCannotFollow(situation, forcible);
}

function dependantsCannotFollow(
  { id, from, to, dependants }: SwapSituation,
  forcible: (reason: string) => SwapRefusal,
): SwapRefusal | undefined {
  if (dependants.length === 0) return undefined;
  const who = dependants.join(', ');
  const removed = from.methods.filter((method) => !to.methods.includes(method));
  if (removed.length > 0) {
    return forcible(`${id} ${to.version} no longer has ${removed.join(', ')}, and ${who} require it`);
  }
  if (from.contract !== undefined && major(to.contract) !== major(from.contract)) {
    const offered = to.contract ?? 'none';
    return forcible(`${id} keeps contract ${from.contract} for ${who}; ${to.version} has ${offered}`);
  }
  return undefined;
}

function major(contract: string | undefined): string | undefined {
  return contract?.split('.')[0];
}
