import { fork } from 'node:child_process';
import { slugFacts } from '../support/slug-guest.ts';
import { measureCalls } from './measure-calls.ts';

// The peer: a message there and back over the IPC channel of `fork`, which does nothing with it.
const child = fork(new URL('./fork-echo.process.ts', import.meta.url), [], {
  execArgv: process.execArgv,
  stdio: ['ignore', 2, 2, 'ipc'],
});
const waiting = new Map<number, (answer: unknown) => void>();
let nextId = 0;
child.on('message', ({ id, answer }: { id: number; answer: unknown }) => {
  waiting.get(id)?.(answer);
  waiting.delete(id);
});
measureCalls(
  () =>
    new Promise((resolve) => {
      const id = nextId++;
      waiting.set(id, resolve);
      child.send({ id, facts: slugFacts });
    }),
  () => void child.kill(),
);
