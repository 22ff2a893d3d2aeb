import type { AskChain } from '../actor/ask-chain.ts';

/**
 * The wire between two threads. One post carries one flat array of records, because cloning one flat array is
 * several times cheaper than cloning an object per message. A record is its tag followed by its fields:
 *
 * | record  | fields                               | meaning |
 * |---------|--------------------------------------|---------|
 * | define  | signature, target, method, from      | from now on `signature` stands for these three |
 * | ask     | slot, signature, deadline, payload   | answered exactly once with reply, fail or release |
 * | askWith | slot, signature, deadline, payload, meta | the same with trace or high priority |
 * | tell    | slot, signature, payload             | never answered; its slot is free once marked started |
 * | tellWith| slot, signature, payload, meta       | the same with meta |
 * | reply   | slot, value                          | |
 * | fail    | slot, ErrorEnvelope                  | |
 * | release | slot                                 | it was not run and nobody waits |
 * | cancel  | slot                                 | nobody waits any more |
 * | swept   |                                      | many tells were started: look for free slots |
 * | credit  | target, count                        | `wait` mailboxes: so many more may be sent |
 * | replica | kind, owner, …                       | see `replica-frames.ts`, always one frame object |
 * | watch   | kind, id, …                          | see `actor/watch-frame.ts`, always one frame object |
 * | topic   | name, from, payload                  | for the subscribers of that thread |
 * | topicTaken | name, count                       | they took so many |
 *
 * A slot is a place in the sender's table of messages it still answers for, and the index of the byte in the
 * shared memory by which the receiver says that the message was started. It is used again only after the
 * receiver is done with it.
 */
export const tag = {
  define: 1,
  ask: 2,
  askWith: 3,
  tell: 4,
  tellWith: 5,
  reply: 6,
  fail: 7,
  release: 8,
  cancel: 9,
  swept: 10,
  credit: 11,
  replica: 12,
  watch: 13,
  topic: 14,
  topicTaken: 15,
} as const;

/** Elements of a record, its tag included, by tag. */
export const recordLength: readonly number[] = [0, 5, 5, 6, 4, 5, 3, 3, 2, 2, 1, 3, 2, 2, 4, 3];

/** What few messages carry. */
export interface Meta {
  readonly trace?: string;
  readonly high?: true;
  /** Given by the sender. */
  readonly id?: string;
  /** The calls this ask is made in. */
  readonly chain?: AskChain;
}

/** Messages of one direction of one pair of threads that may be on their way at the same time. */
export const slots = 16_384;
