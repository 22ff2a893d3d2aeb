import { Worker } from 'node:worker_threads';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { moduleUrl } from '../../runtime/placement/module-url.ts';
import type { PackageTask, PackageTaskOutcome } from './package-task.ts';

/** Longest time for one package, milliseconds. The largest honest one takes about two seconds. */
const patience = 60_000;

/**
 * Works on a package in a thread of its own: reading and scanning a large one takes seconds, in which calls of other
 * extensions must not wait, and a hostile one may want all memory there is.
 * @throws MF666 when it takes too long or too much memory, and what the task throws
 */
export async function runPackageTask(
  task: PackageTask,
): Promise<Extract<PackageTaskOutcome, { kind: 'done' }>['inspected']> {
  const { promise, resolve, reject } = Promise.withResolvers<PackageTaskOutcome>();
  const refused = (why: string): void =>
    reject(new MagFlockError('MF666', `The package is refused: ${why}.`));
  const worker = new Worker(moduleUrl('./package-task.worker', import.meta.url), {
    workerData: task,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 1024, stackSizeMb: 8 },
  });
  const timer = setTimeout(() => refused('it takes too long to read'), patience);
  worker.once('message', resolve);
  worker.once('error', (thrown) => refused(`reading it failed: ${thrown.message.slice(0, 200)}`));
  worker.once('exit', () => refused('reading it took too much'));
  try {
    const outcome = await promise;
    if (outcome.kind === 'failed') throw MagFlockError.fromEnvelope(outcome.error);
    return outcome.inspected;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
