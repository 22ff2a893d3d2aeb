import type { ActorCell } from '../../../runtime/actor/actor-cell.ts';
import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import { AskChainWatch } from '../../../runtime/actor/ask-chain-watch.ts';
import type { CellHost } from '../../../runtime/actor/cell-host.ts';
import { RunQueue } from '../../../runtime/actor/run-queue.ts';
import type { EndReason } from '../../../runtime/actor/terminated.ts';

/** What a cell needs when it is tested alone; notes the ends. */
export class LoneHost implements CellHost {
  readonly runQueue = new RunQueue();
  readonly chains = new AskChainWatch(() => {});
  readonly spareMailboxes = [];
  readonly tracer = undefined;
  readonly ends: EndReason[] = [];
  lost(): void {}
  failed(): void {}
  ended(_cell: ActorCell, _incarnation: number, reason: EndReason): void {
    this.ends.push(reason);
  }
}

/** A context nobody looks into. */
export const noContext = { incarnation: 1 } as ActorContext;
