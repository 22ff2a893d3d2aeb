import { parentPort, workerData } from 'node:worker_threads';
import { ThreadEvents } from '../bus/thread-events.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import { createMetrics } from '../telemetry/create-metrics.ts';
import { ActorHost } from './actor-host.ts';
import { carryOutOrders } from './carry-out-orders.ts';
import { hostMetrics } from './host-metrics.ts';
import type { FromThread, ThreadBirth, ToThread } from './thread-control.ts';

// First code of every worker thread of the machine.

const birth = workerData as ThreadBirth;
const main = parentPort;
if (main === null) throw new Error('thread.worker runs in worker threads only');
const send = (message: FromThread) => main.postMessage(message);
const logger = (part: string) =>
  createLogger({ level: birth.settings['log.level'], part, file: birth.logFile });
const log = logger(`/${birth.thread}`);
const metrics = createMetrics({ version: birth.version, thread: birth.thread });

const lost = (name: string, reason: 'invalid-event' | 'subscriber-failed', error: unknown) => {
  const detail = MagFlockError.from(error).message;
  const letter = {
    at: new Date().toISOString(),
    to: 'bus',
    from: birth.thread,
    method: name,
    reason,
    detail,
  };
  send({ kind: 'dead-letter', letter });
};

const events = new ThreadEvents({
  emit: (batch) => send({ kind: 'events', batch }),
  interested: (name, interested) => send({ kind: 'interested', name, interested }),
  lost,
});

const host = new ActorHost({
  thread: birth.thread,
  settings: birth.settings,
  metrics,
  events,
  logger,
  control: {
    connect: (thread) => send({ kind: 'connect', thread }),
    lateReplica: (thread, owner) => send({ kind: 'late-replica', thread, owner }),
    deadLetter: (letter) => send({ kind: 'dead-letter', letter }),
    crash: (error) => {
      // Out of every promise and handler: only this ends the thread with a reason.
      setImmediate(() => {
        throw error;
      });
    },
  },
});
host.routes.update(birth.routes);
hostMetrics(host, metrics);
const orders = carryOutOrders(host, metrics);

// The supervisor sees only name and message of what ends a thread; the stack is for the log.
process.on('uncaughtExceptionMonitor', (error, origin) => {
  log.fatal({ err: error, origin }, `thread ${birth.thread} ends: ${error.message}`);
});

async function carryOut(message: Extract<ToThread, { kind: 'order' }>): Promise<void> {
  const { id, order, request } = message;
  try {
    send({ kind: 'done', id, value: await orders[order](request as never) });
    // Unlike being terminated, this lets the log write what it holds.
    if (order === 'end') setImmediate(() => process.exit());
  } catch (error) {
    const known = MagFlockError.from(error);
    if (order === 'start') log.error({ err: error }, `could not start: ${known.message}`);
    send({ kind: 'failed', id, error: known.toEnvelope() });
  }
}

main.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'order':
      void carryOut(message);
      break;
    case 'connect':
      host.attach(message.peer, message.connection);
      break;
    case 'down':
      host.threadDown(message.thread, message.incarnation);
      break;
    case 'routes':
      host.routes.update(message.routes);
      break;
    case 'events':
      events.deliver(message.batch);
      break;
    default:
      message satisfies never;
  }
});
