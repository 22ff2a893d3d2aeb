import { parentPort } from 'node:worker_threads';

// Plain JavaScript: the peer shall not pay for stripping types.
parentPort.on('message', (facts) => {
  const slug = facts.body.title.toLowerCase().replaceAll(' ', '-');
  parentPort.postMessage({ body: { ...facts.body, slug } });
});
