import type { ShutDown } from './shut-down.ts';

/** A terminal's Ctrl-C reaches a whole process group, so one press may come twice; that is not a second one. */
const echo = 300;

/**
 * SIGINT and SIGTERM: the first begins the orderly stop, a second one forces it.
 * @returns a function that takes the handlers away
 */
export function handleSignals(shutDown: ShutDown): () => void {
  let first = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!shutDown.begun) {
      first = Date.now();
      shutDown.begin(signal);
    } else if (Date.now() - first > echo) shutDown.force();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
