import type { MessagePort } from 'node:worker_threads';
import { recordLength } from './wire-record.ts';

/**
 * Posts the records of a batch one by one, after posting the batch failed: only the faulty ones are lost.
 * @param onFault called with each record that cannot be cloned, and why
 */
export function postEach(
  port: MessagePort,
  batch: readonly unknown[],
  onFault: (record: readonly unknown[], error: unknown) => void,
): void {
  let at = 0;
  while (at < batch.length) {
    const record = batch.slice(at, at + (recordLength[batch[at] as number] as number));
    at += record.length;
    try {
      port.postMessage(record);
    } catch (error) {
      onFault(record, error);
    }
  }
}
