import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { actor } from '../../actors/control/control.actor.ts';
import type { ControlState } from '../../actors/control/control-state.ts';
import { type Settings, settingDefinitions } from '../../config/settings.ts';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { createLogger } from '../../runtime/telemetry/create-logger.ts';

export interface Asked {
  readonly part: string;
  readonly method: string;
  readonly payload: unknown;
}

export interface ControlAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  readonly json: any;
}

export type Reply = (method: string, payload: unknown) => unknown;

export interface ControlHarness {
  readonly state: ControlState;
  /** Everything the control part asked others, in order. */
  readonly asked: Asked[];
  readonly socket: string;
  readonly token: string;
  emit(name: string, payload: unknown): void;
  /** Number of live subscriptions to events. */
  subscriptions(): number;
  call(
    method: string,
    path: string,
    options?: { body?: unknown; raw?: string | Buffer; token?: string | null; type?: string },
  ): Promise<ControlAnswer>;
  stop(): Promise<void>;
}

const defaults = Object.fromEntries(
  Object.entries(settingDefinitions).map(([name, definition]) => [name, definition.default]),
) as unknown as Settings;

/**
 * The control part with parts around it that answer as told: real sockets, no machine.
 * @param folder where the socket goes
 * @param parts answers by part name; the others answer `{}`
 */
export async function controlHarness(
  folder: string,
  parts: Readonly<Record<string, Reply>> = {},
): Promise<ControlHarness> {
  const asked: Asked[] = [];
  const token = 'test-token';
  const socket = join(folder, 'control.sock');
  const subscribers = new Map<string, Set<(payload: unknown) => void>>();
  const stopping = new AbortController();
  const context = {
    settings: { ...defaults, dataDir: folder, adminPort: 0 },
    log: createLogger({ level: 'silent', part: 'control', file: null }),
    signal: stopping.signal,
    part: (part: string) => ({
      async ask(method: string, payload: unknown) {
        asked.push({ part, method, payload });
        return parts[part]?.(method, payload) ?? {};
      },
    }),
    events: {
      on(name: string, handler: (payload: unknown) => void) {
        const set = subscribers.get(name) ?? new Set();
        subscribers.set(name, set.add(handler));
        return () => set.delete(handler);
      },
    },
  } as unknown as ActorContext;
  const state = await actor.init(context, {
    version: '0.0.0',
    socket,
    token,
    settings: [
      {
        name: 'port',
        value: 8080,
        origin: { source: 'default', where: 'default' },
        reload: 'restart',
        help: '',
      },
    ],
  });
  await actor.start?.(state);
  return {
    state,
    asked,
    socket,
    token,
    emit(name, payload) {
      for (const handler of subscribers.get(name) ?? []) handler(payload);
    },
    subscriptions: () => [...subscribers.values()].reduce((sum, set) => sum + set.size, 0),
    call: (method, path, options = {}) =>
      call(socket, options.token === undefined ? token : options.token, method, path, options),
    async stop() {
      stopping.abort();
      await actor.stop?.(state);
    },
  };
}

function call(
  socketPath: string,
  token: string | null,
  method: string,
  path: string,
  options: { body?: unknown; raw?: string | Buffer; type?: string },
): Promise<ControlAnswer> {
  const raw = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const { promise, resolve, reject } = Promise.withResolvers<ControlAnswer>();
  const request = httpRequest(
    {
      socketPath,
      method,
      path: path.startsWith('/control') ? path : `/control/v1${path}`,
      agent: false,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(raw === undefined ? {} : { 'content-type': options.type ?? 'application/json' }),
      },
    },
    (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const type = response.headers['content-type'] ?? '';
        const json = type.includes('ndjson') || text === '' ? undefined : JSON.parse(text);
        resolve({ status: response.statusCode ?? 0, type, text, json });
      });
    },
  );
  request.on('error', reject);
  request.end(raw);
  return promise;
}
