import type { MessagePort } from 'node:worker_threads';
import type { AskChain } from '../actor/ask-chain.ts';
import type { ErrorEnvelope } from '../errors/error-envelope.ts';

/** A message on its way into a worker of a pool. */
export interface PoolTask {
  readonly method: string;
  readonly payload: unknown;
  readonly from: string;
  readonly deadline: number;
  readonly trace: string | undefined;
  /** The calls it was asked in, its own front the last. */
  readonly chain: AskChain;
  /** Two words that both sides see: how it stands (`poolFlag`), and 1 when a worker has started it. */
  readonly flag: SharedArrayBuffer;
}

/** What became of it. */
export type PoolAnswer =
  | { readonly kind: 'reply'; readonly value: unknown }
  | { readonly kind: 'fail'; readonly error: ErrorEnvelope }
  /** Nobody waited for it any more, and it was not run. */
  | { readonly kind: 'released' };

/** States of the first shared word of a task. A word and no message, since a worker that computes reads no messages. */
export const poolFlag = { wanted: 0, cancelled: 1, done: 2 } as const;

/** First words of a pool's worker: who it is, and its ports. */
export interface PoolWorkerHello {
  readonly poolWorker: number;
  readonly control: MessagePort;
  /** Something comes here when the worker may take tasks. */
  readonly gate: MessagePort;
  /** Of its `NativeSection`: it is not ended while native code runs in it. */
  readonly native: SharedArrayBuffer;
}
