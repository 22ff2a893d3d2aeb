import { parentPort } from 'node:worker_threads';
import { EmbeddedServer } from '../../actors/storage/embedded/embedded-server.ts';
import { deriveLogins } from '../../actors/storage/login.ts';
import { silentLog, testLoginsKey } from './test-cluster.ts';

// Starts the embedded server of the folder in argv[2] and then only lives on, to be killed: as a process of its
// own, or as a thread (postgres-starter in a Worker).
const server = new EmbeddedServer({
  dataDir: process.argv[2] as string,
  superuser: deriveLogins(testLoginsKey).superuser(),
  maxConnections: 20,
  log: silentLog,
});
await server.start();
const { pid } = server.facts;
if (parentPort === null) process.stdout.write(`${pid}\n`);
else parentPort.postMessage(pid);
setInterval(() => {}, 60_000);
