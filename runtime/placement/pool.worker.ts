import { once } from 'node:events';
import { MessageChannel, parentPort, threadId } from 'node:worker_threads';
import type { ActorCell } from '../actor/actor-cell.ts';
import type { MessageSource } from '../actor/message.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { NativeSection } from './native-section.ts';
import { PoolMessage } from './pool-message.ts';
import { type PoolAnswer, type PoolTask, type PoolWorkerHello, poolFlag } from './pool-task.ts';
import { runThread } from './run-thread.ts';
import type { ToSpare } from './thread-control.ts';

// First code of a worker of a pool: a thread of the machine like any other, whose actor gets its messages as tasks.

async function becomeThread(): Promise<(task: PoolTask) => Promise<PoolAnswer>> {
  const control = new MessageChannel();
  const gate = new MessageChannel();
  const { memory: native } = NativeSection.here;
  const hello: PoolWorkerHello = { poolWorker: threadId, control: control.port1, gate: gate.port1, native };
  parentPort?.postMessage(hello, [control.port1, gate.port1]);
  const host = await new Promise<ReturnType<typeof runThread>>((resolve) => {
    control.port2.once('message', (message: Extract<ToSpare, { kind: 'assume' }>) => {
      resolve(runThread(message.birth, control.port2));
    });
  });
  const [name] = (await once(gate.port2, 'message')) as [string];
  gate.port2.close();
  return (task) => runTask(host.cell(name), task);
}

/** Never rejects: an error of class and code would lose both on its way out. */
function runTask(cell: ActorCell, task: PoolTask): Promise<PoolAnswer> {
  const flag = new Int32Array(task.flag);
  if (Atomics.load(flag, 0) !== poolFlag.wanted) return Promise.resolve({ kind: 'released' });
  return new Promise((resolve) => {
    const settle = (answer: PoolAnswer): void => {
      // Ends the wait below.
      Atomics.compareExchange(flag, 0, poolFlag.wanted, poolFlag.done);
      Atomics.notify(flag, 0);
      resolve(answer);
    };
    const source: MessageSource = {
      started: () => void Atomics.store(flag, 1, 1),
      reply: (_slot, value) => settle(cloneable(value)),
      fail: (_slot, error) => settle({ kind: 'fail', error: MagFlockError.from(error).toEnvelope() }),
      release: () => settle({ kind: 'released' }),
    };
    const message = new PoolMessage(source, cell, task);
    const wait = Atomics.waitAsync(flag, 0, poolFlag.wanted);
    if (wait.async) {
      void wait.value.then(() => {
        if (Atomics.load(flag, 0) === poolFlag.cancelled) cell.cancel(message);
      });
    }
    cell.enqueue(message);
  });
}

/** An answer that cannot be cloned would end this thread when it is posted. */
function cloneable(value: unknown): PoolAnswer {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
    if (typeof value !== 'function' && typeof value !== 'symbol') return { kind: 'reply', value };
  }
  try {
    structuredClone(value);
    return { kind: 'reply', value };
  } catch (cause) {
    const error = new MagFlockError('MF614', 'the answer cannot cross to another thread', { cause });
    return { kind: 'fail', error: error.toEnvelope() };
  }
}

/** What piscina calls for each task, once it is there. */
export const runPoolTask = becomeThread();
