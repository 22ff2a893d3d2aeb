import type { MessagePort } from 'node:worker_threads';
import { threadMark } from '../actor/thread-mark.ts';
import { DeadLetterPost } from '../bus/dead-letter-post.ts';
import { ThreadEvents } from '../bus/thread-events.ts';
import { threadFlows } from '../bus/thread-flows.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import { createMetrics } from '../telemetry/create-metrics.ts';
import { setUpTracing } from '../telemetry/tracing-setup.ts';
import { ActorHost } from './actor-host.ts';
import { carryOutOrders } from './carry-out-orders.ts';
import { hostMetrics } from './host-metrics.ts';
import type { FromThread, ThreadBirth, ToThread } from './thread-control.ts';
import { startThreadInstruments } from './thread-instruments.ts';

/** The runtime of a worker thread, from the moment it has a name. */
export function runThread(birth: ThreadBirth, main: MessagePort): ActorHost {
  const send = (message: FromThread) => main.postMessage(message);
  // Those of the birth until there is a host, which hears of changes.
  let settings = () => birth.settings;
  const logger = (part: string) =>
    createLogger({ level: settings()['log.level'], part, file: birth.logFile });
  const log = logger(`/${birth.thread}`);
  const metrics = createMetrics({ version: birth.version, thread: birth.thread });

  const flows = threadFlows(birth.flows);
  const letters = new DeadLetterPost(send, flows.letters);

  const events = new ThreadEvents({
    emit: (batch) => send({ kind: 'events', batch }),
    interested: (name, interested) => send({ kind: 'interested', name, interested }),
    lost(name, reason, error) {
      const detail = MagFlockError.from(error).message;
      const at = new Date().toISOString();
      letters.add({ at, to: 'bus', from: birth.thread, method: name, reason, detail });
    },
    missed: (reason) => letters.count(reason),
    flows,
  });

  const host = new ActorHost({
    thread: birth.thread,
    settings: birth.settings,
    metrics,
    events,
    logger,
    tracing: setUpTracing(birth.settings, birth),
    control: {
      connect: (thread) => send({ kind: 'connect', thread }),
      lateReplica: (thread, owner) => send({ kind: 'late-replica', thread, owner }),
      deadLetter: (letter, content) => letters.add(letter, content),
      exited: (name, incarnation, reason) => send({ kind: 'exited', name, incarnation, reason }),
      topic: (name, interested) => send({ kind: 'topic', name, interested }),
      blocked: (asks) => send({ kind: 'blocked', asks }),
      crash: (error) => {
        // Out of every promise and handler: only this ends the thread with a reason.
        setImmediate(() => {
          throw error;
        });
      },
    },
  });
  settings = () => host.settings;
  host.routes.update(birth.routes);
  hostMetrics(host, metrics, birth.pooled);
  const { mainMark } = birth;
  startThreadInstruments({ host, blockedMs: birth.settings['watchdog.blockedMs'], mainMark, log });
  send({ kind: 'mark', buffer: threadMark.mark.buffer });
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
        host.threadDown(message.thread, message.incarnation, message.reason);
        break;
      case 'topics':
        host.topics.update(message.changes);
        break;
      case 'topic-known':
        host.topics.known(message.name);
        break;
      case 'routes':
        host.routes.update(message.routes);
        break;
      case 'deadlock':
        host.chains.refuse(message.ask, message.path);
        break;
      case 'events':
        events.deliver(message.batch);
        letters.flush();
        break;
      default:
        message satisfies never;
    }
  });
  return host;
}
