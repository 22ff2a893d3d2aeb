/**
 * Memory shared with the dispatcher of an isolate: `u32` bytes of text that are valid, `u32` not 0 when more waits to
 * be drained, then ASCII text.
 */
export const outletLayout = { head: 8, bytes: 4096, directItems: 4 } as const;
