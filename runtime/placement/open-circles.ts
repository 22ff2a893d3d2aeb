import { AskChainGraph } from '../actor/ask-chain-graph.ts';
import type { BlockedAsk } from '../actor/blocked-ask.ts';
import type { ActorHost } from './actor-host.ts';
import type { Switchboard } from './switchboard.ts';

/** Refuses one ask of each circle of asks over several actors; in the main thread, which hears of all threads. */
export function openCircles(
  host: ActorHost,
  switchboard: Switchboard,
): (thread: string, asks: readonly BlockedAsk[]) => void {
  const graph = new AskChainGraph();
  return (thread, asks) => {
    const found = graph.take(thread, asks);
    if (found === undefined) return;
    const { name, path } = found;
    if (found.thread === host.thread) host.chains.refuse(name, path);
    else switchboard.thread(found.thread)?.send({ kind: 'deadlock', ask: name, path });
  };
}
