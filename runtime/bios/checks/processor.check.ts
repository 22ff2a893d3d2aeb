import { availableParallelism, cpus } from 'node:os';
import type { PostCheck } from '../post-check.ts';

/** What the HTTP threads will run on. */
export const processorCheck: PostCheck = {
  part: 'processor',
  required: false,
  run({ settings }) {
    const available = availableParallelism();
    const asked = settings.cores === 0 ? available : settings.cores;
    const model = cpus()[0]?.model.trim().replaceAll(/\s+/g, ' ') ?? 'unknown model';
    const facts = `${available} ${available === 1 ? 'core' : 'cores'}, ${model}`;
    return asked <= available * 2
      ? { outcome: 'ok', facts }
      : { outcome: 'warn', facts: `${facts}; ${asked} CPU threads asked for`, fix: 'lower --cores' };
  },
};
