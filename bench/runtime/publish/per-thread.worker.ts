import { parentPort, workerData } from 'node:worker_threads';
import { type News, Receipts, subscribersPerThread } from './receipts.ts';

// One port for the thread; its subscribers are functions.
const { memory } = workerData as { memory: SharedArrayBuffer };
const receipts = new Receipts(memory);
const subscribers = Array.from({ length: subscribersPerThread }, () => (_news: News) => receipts.count());
parentPort?.on('message', (news: News) => {
  for (const subscriber of subscribers) subscriber(news);
});
parentPort?.postMessage('ready');
