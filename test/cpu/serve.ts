import pino from 'pino';
import { Registry } from 'prom-client';
import { buildFront, type Front } from '../../actors/cpu/front.ts';
import { type Settings, settingDefinitions } from '../../config/settings.ts';
import type { ExtensionsReplica } from '../../runtime/protocol/extensions.protocol.ts';
import type { GatewayReplica } from '../../runtime/protocol/gateway.protocol.ts';
import { type FakeReplicas, fakeReplicas } from '../support/fake-replicas.ts';

export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly fakes: FakeReplicas;
  readonly front: Front;
  readonly metrics: Registry;
  /** Log lines, parsed. */
  readonly lines: Record<string, unknown>[];
  /** Projects whose sealer was woken. */
  readonly woken: string[];
}

/** A CPU front on a free port with fake replicas; disposed of at the end of the test's scope. */
export async function serve(
  overrides: Partial<Settings> = {},
  extensions?: { readonly replica: ExtensionsReplica; readonly gateways: readonly GatewayReplica[] },
  gateways: readonly GatewayReplica[] = [],
): Promise<Served> {
  const fakes = fakeReplicas();
  const metrics = new Registry();
  const lines: Record<string, unknown>[] = [];
  const woken: string[] = [];
  const settings = { ...defaultSettings(), ...overrides };
  const log = pino(
    { level: settings['log.level'] },
    { write: (line: string) => lines.push(JSON.parse(line)) },
  );
  const front = buildFront({
    settings,
    log,
    metrics,
    replicas: extensions === undefined ? fakes : { ...fakes, extensions: extensions.replica },
    gateways: [fakes.gateway, ...(extensions?.gateways ?? []), ...gateways],
    wakeAudit: (project) => woken.push(project),
  });
  const { port } = await front.listener.listen('127.0.0.1', 0, process.platform === 'linux');
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    fakes,
    front,
    metrics,
    lines,
    woken,
    [Symbol.asyncDispose]: () => front.stop(),
  };
}

export function defaultSettings(): Settings {
  const values = Object.entries(settingDefinitions).map(([name, definition]) => [name, definition.default]);
  return Object.fromEntries(values) as Settings;
}
