import { totalmem } from 'node:os';
import type { PostCheck } from '../post-check.ts';

const megabyte = 1024 ** 2;
/** The machine at rest with embedded PostgreSQL takes about this much. */
const needed = 384 * megabyte;

/** Memory this process may still take, under the limit of its container where there is one. */
export const memoryCheck: PostCheck = {
  part: 'memory',
  required: false,
  run() {
    const available = process.availableMemory();
    const limit = process.constrainedMemory();
    const total = limit > 0 && limit < totalmem() ? limit : totalmem();
    const facts = `${gigabytes(total)} GB, ${gigabytes(available)} GB free`;
    return available >= needed
      ? { outcome: 'ok', facts }
      : { outcome: 'warn', facts, fix: `free some: MagFlock wants about ${needed / megabyte} MB` };
  },
};

function gigabytes(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
