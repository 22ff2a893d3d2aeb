import { Flow } from './flow.ts';

/** Events and dead letters between a thread and the main thread. */
export interface ThreadFlows {
  readonly shared: SharedArrayBuffer;
  /** Events on their way to the hub. */
  readonly toHub: Flow;
  /** Events on their way to the thread. */
  readonly toThread: Flow;
  readonly letters: Flow;
}

/** Events, either way, that may be on their way; and dead letters. */
const mostEvents = 50_000;
const mostLetters = 1_000;

/** The flows of a thread. Both sides make them over the same memory. */
export function threadFlows(shared = new SharedArrayBuffer(12)): ThreadFlows {
  return {
    shared,
    toHub: new Flow(shared, 0, mostEvents),
    toThread: new Flow(shared, 1, mostEvents),
    letters: new Flow(shared, 2, mostLetters),
  };
}
