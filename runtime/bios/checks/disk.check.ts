import { statfs } from 'node:fs/promises';
import type { PostCheck } from '../post-check.ts';

const megabyte = 1024 ** 2;
/** A new embedded database with its first write-ahead log, in bytes; less makes initdb fail half-way. */
const firstRunNeeds = 160 * megabyte;
const comfortable = 1024 * megabyte;

/** Room on the disk of the data folder. */
export const diskCheck: PostCheck = {
  part: 'disk',
  required: true,
  async run({ settings, firstRun }) {
    const { bavail, bsize } = await statfs(settings.dataDir);
    const free = bavail * bsize;
    const facts = `${size(free)} free at ${settings.dataDir}`;
    const fix = 'free space, or choose another disk with --data';
    const embedded = settings.databaseUrl === null;
    if (embedded && firstRun && free < firstRunNeeds)
      return {
        outcome: 'fail',
        facts: `${facts}, a first boot needs ${size(firstRunNeeds)}`,
        fix,
        code: 'MF705',
      };
    return free < comfortable ? { outcome: 'warn', facts, fix } : { outcome: 'ok', facts };
  },
};

function size(bytes: number): string {
  return bytes < 1024 * megabyte
    ? `${Math.floor(bytes / megabyte)} MB`
    : `${Math.floor(bytes / 1024 ** 3)} GB`;
}
