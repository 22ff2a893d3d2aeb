/**
 * Milliseconds that an extension gets to start, besides the time of a hook, when the hook is what wakes it: the time
 * that an author allows is for the code of the hook, not for a new process on a busy machine.
 */
export const hookStartMs = 5_000;
