/**
 * Runs `work` once when everything that can run now has run: all synchronous code and all promises that are
 * ready. This is what collects the messages of a tick into one post. `setImmediate` would come later and
 * add a turn of the event loop to each round trip; a bare microtask would come too early, in the midst of the
 * promises that send more.
 */
export function createEndOfTick(work: () => void): () => void {
  let scheduled = false;
  const run = () => {
    scheduled = false;
    work();
  };
  // The queue of nextTick is looked at when the microtasks are done.
  const afterMicrotasks = () => process.nextTick(run);
  return () => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(afterMicrotasks);
  };
}
