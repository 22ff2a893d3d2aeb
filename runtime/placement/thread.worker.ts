import { parentPort, workerData } from 'node:worker_threads';
import { runThread } from './run-thread.ts';
import type { ThreadBirth, ToSpare } from './thread-control.ts';

// First code of every worker thread of the machine. One without a name is a spare: it has loaded the runtime, loads
// what it is told to, and waits for its name.

const birth = workerData as ThreadBirth | null;
const main = parentPort;
if (main === null) throw new Error('thread.worker runs in worker threads only');

if (birth === null) {
  const onMessage = (message: ToSpare): void => {
    if (message.kind === 'preload') {
      // What cannot be loaded fails again, and is reported, where it is needed.
      for (const href of message.modules) import(href).catch(() => {});
      return;
    }
    // Off first: what comes behind it is for the runtime, which listens from here on.
    main.off('message', onMessage);
    runThread(message.birth, main);
  };
  main.on('message', onMessage);
} else runThread(birth, main);
