import { createServer, type RequestListener, type Server } from 'node:http';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import { daemonFacts } from '../../runtime/bios/daemon-facts.ts';
import { dataPaths } from '../../runtime/bios/data-paths.ts';
import type { ControlProtocol } from '../../runtime/protocol/control.protocol.ts';
import { adminListener } from './admin-listener.ts';
import type { ControlArgs } from './control-args.ts';
import type { ControlState } from './control-state.ts';
import { listen } from './listen.ts';

/** The control plane: the unix socket the command line talks to, and the admin listener. See README.md. */
export const actor = defineActor<ControlState, ControlProtocol, ControlArgs>({
  name: 'control',
  version: '0.1.0',
  concurrency: 16,

  init: (context, args) => ({ context, args, url: null, adminUrl: '', stopping: false, servers: [] }),

  async start(state) {
    const { context, args } = state;
    context.events.on('system.stopping', () => {
      state.stopping = true;
    });
    const control = createServer(lateApp(state));
    // A long import or SQL text answers late; the caller's going away is what ends it.
    control.requestTimeout = 0;
    control.timeout = 0;
    const admin = createServer({ requestTimeout: 10_000, maxHeaderSize: 8192 }, adminListener(state));
    state.servers.push(control, admin);
    await listen.socket(control, args.socket);
    const { adminHost, adminPort, dataDir } = context.settings;
    // A new incarnation of this part takes up where the last one stood: same port, daemon ready or not.
    const before = daemonFacts.read(dataPaths(dataDir).daemon);
    const known = before?.pid === process.pid ? before : undefined;
    const port = known?.adminUrl ? Number(new URL(known.adminUrl).port) : adminPort;
    state.adminUrl = await listen.tcp(admin, adminHost, port);
    state.url = known?.url ?? null;
    context.log.info({ socket: args.socket, adminUrl: state.adminUrl }, 'control plane listens');
  },

  async stop(state) {
    state.stopping = true;
    await Promise.all(state.servers.map(closed));
  },

  healthCheck: (state) =>
    state.servers.length > 0 && state.servers.every((server) => server.listening)
      ? { status: 'ok', summary: 'control socket and admin listener answer' }
      : { status: 'failed', summary: 'a listener is closed', fix: 'magflock stop, then start' },

  getCapabilities: (state) => [`control socket ${state.args.socket}`, `admin ${state.adminUrl}`],

  methods: {
    addresses: (state) => ({ socket: state.args.socket, adminUrl: state.adminUrl }),
    ready(state, { url }) {
      state.url = url;
    },
  },
});

/**
 * The application of the control socket, loaded with its first request: schemas and router are most of this part's
 * code and would hold up every boot by a third of a second.
 */
function lateApp(state: ControlState): RequestListener {
  let loading: Promise<RequestListener> | undefined;
  const load = async (): Promise<RequestListener> => {
    const [{ controlApp }, { controlRoutes }] = await Promise.all([
      import('./control-app.ts'),
      import('./control-routes.ts'),
    ]);
    return controlApp(state, controlRoutes).callback();
  };
  return async (request, response) => {
    loading ??= load();
    try {
      (await loading)(request, response);
    } catch (thrown) {
      state.context.log.error({ err: thrown }, 'the control socket cannot answer');
      response.writeHead(500).end();
    }
  };
}

/** Streams of watchers have no end of their own: connections get a moment, then they are cut. */
function closed(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => server.closeAllConnections(), 500);
  server.close(() => {
    clearTimeout(timer);
    resolve();
  });
  server.closeIdleConnections();
  return promise;
}
