import { readFileSync } from 'node:fs';
import type { ShutDown } from './shut-down.ts';

/** A terminal's Ctrl-C reaches a whole process group, so one press may come twice; that is not a second one. */
const echo = 300;

/**
 * SIGINT and SIGTERM: the first begins the orderly stop, a second one forces it. SIGHUP (the terminal was closed)
 * begins it too, unless whoever started the process had it ignored (nohup).
 *
 * The handlers stay until the process is gone: a signal that comes last must not turn a clean end into a death.
 */
export function handleSignals(shutDown: ShutDown): void {
  let first = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!shutDown.begun) {
      first = Date.now();
      shutDown.begin(signal);
    } else if (signal !== 'SIGHUP' && Date.now() - first > echo) shutDown.force();
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  if (!hangUpIsIgnored()) signals.push('SIGHUP');
  for (const signal of signals) process.on(signal, onSignal);
}

/** Bit 0 of the mask of ignored signals (proc_pid_status(5)); where nobody tells, it is not. */
function hangUpIsIgnored(): boolean {
  try {
    const mask = readFileSync('/proc/self/status', 'utf8').match(/^SigIgn:\s*([0-9a-f]+)/m)?.[1] ?? '0';
    return (BigInt(`0x${mask}`) & 1n) === 1n;
  } catch {
    return false;
  }
}
