import type { MessageSource } from './message.ts';

/** The source of tells within a thread: nobody hears of their outcome. */
export const unanswered: MessageSource = {
  started() {},
  reply() {},
  fail() {},
  release() {},
};
