import { lifecycleWorld } from './lifecycle-world.ts';
import { type Act, perform } from './perform.ts';

// A process of its own: carries out one operation and is gone at the step it was told, as at a power cut.
const [folder, act, fatal] = process.argv.slice(2) as [string, Act, string];
const world = await lifecycleWorld(folder, (_, step) => {
  if (step === fatal) process.kill(process.pid, 'SIGKILL');
});
await perform(world, act);
