import { performance } from 'node:perf_hooks';
import { MagFlockError } from '../errors/magflock-error.ts';
import { clockCheck } from './checks/clock.check.ts';
import { diskCheck } from './checks/disk.check.ts';
import { exposureCheck } from './checks/exposure.check.ts';
import { memoryCheck } from './checks/memory.check.ts';
import { nodeCheck } from './checks/node.check.ts';
import { portsCheck } from './checks/ports.check.ts';
import { processorCheck } from './checks/processor.check.ts';
import type { PostCheck, PostContext, PostResult } from './post-check.ts';
import type { PostLine } from './post-line.ts';

const checks: readonly PostCheck[] = [
  nodeCheck,
  processorCheck,
  memoryCheck,
  diskCheck,
  clockCheck,
  portsCheck,
  exposureCheck,
];

/**
 * Runs every check of the power-on self test at the same time and reports each, in a fixed order.
 * @param onLine called with each line
 * @throws MagFlockError with the code of the first failed required check, after all have been reported
 */
export async function powerOnSelfTest(context: PostContext, onLine: (line: PostLine) => void): Promise<void> {
  const running = checks.map((check) => runCheck(check, context));
  let failed: MagFlockError | undefined;
  for (const [index, run] of running.entries()) {
    const { part, required } = checks[index]!;
    const { code = 'MF700', ...result } = await run;
    onLine({ part, required, ...result });
    if (result.outcome === 'fail' && required)
      failed ??= new MagFlockError(code, `${part}: ${result.facts}`, { fix: result.fix });
  }
  if (failed !== undefined) throw failed;
}

async function runCheck(check: PostCheck, context: PostContext): Promise<PostResult & { ms: number }> {
  const started = performance.now();
  try {
    const running = check.run(context);
    // Awaiting what is already there would count the time of the other checks.
    if (!(running instanceof Promise)) return { ...running, ms: Math.round(performance.now() - started) };
    const result = await running;
    return { ...result, ms: Math.round(performance.now() - started) };
  } catch (thrown) {
    const facts = `could not be checked: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    // What cannot be looked at is not known to be broken.
    return {
      outcome: 'warn',
      facts,
      fix: 'look at this part by hand',
      ms: Math.round(performance.now() - started),
    };
  }
}
