import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { type Settings, settingDefinitions } from '../../config/settings.ts';
import { clockCheck } from '../../runtime/bios/checks/clock.check.ts';
import { exposureCheck } from '../../runtime/bios/checks/exposure.check.ts';
import type { PostContext } from '../../runtime/bios/post-check.ts';
import type { PostLine } from '../../runtime/bios/post-line.ts';
import { powerOnSelfTest } from '../../runtime/bios/power-on-self-test.ts';
import { probePort } from '../../runtime/bios/probe-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const defaults = Object.fromEntries(
  Object.entries(settingDefinitions).map(([name, definition]) => [name, definition.default]),
) as unknown as Settings;

describe('the power-on self test', () => {
  const folder = temporaryFolder();
  const context = (settings: Partial<Settings> = {}): PostContext => ({
    settings: { ...defaults, dataDir: folder(), port: 0, adminPort: 0, ...settings },
    firstRun: true,
    lastSeen: undefined,
  });

  it('reports every part with its facts, in a fixed order', async () => {
    const lines: PostLine[] = [];
    await powerOnSelfTest(context(), (line) => lines.push(line));
    assert.deepEqual(
      lines.map(({ part }) => part),
      ['node', 'processor', 'memory', 'disk', 'clock', 'ports', 'network'],
    );
    for (const line of lines) {
      assert.notEqual(line.outcome, 'fail', line.facts);
      assert.ok(line.facts.length > 5);
      assert.ok(line.ms >= 0);
    }
  });

  it('stops the boot at a taken port, names who holds it, and still reports the rest', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const lines: PostLine[] = [];
    try {
      await assert.rejects(
        powerOnSelfTest(context({ port }), (line) => lines.push(line)),
        (error: { code: string; message: string; fix: string }) => {
          assert.equal(error.code, 'MF702');
          assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port} in use`));
          if (process.platform === 'linux')
            assert.match(error.message, new RegExp(`\\(pid ${process.pid}\\)`));
          assert.match(error.fix, /--port <another>/);
          return true;
        },
      );
      assert.equal(lines.length, 7);
    } finally {
      server.close();
      await once(server, 'close');
    }
  });
});

describe('the probe of a port', () => {
  async function listening(options: { reusePort: boolean }): Promise<Server> {
    const server = createServer().listen({ port: 0, host: '127.0.0.1', ...options });
    await once(server, 'listening');
    return server;
  }

  it('sees a listener that would share its port', async function () {
    if (process.platform !== 'linux') this.skip();
    const server = await listening({ reusePort: true });
    const { port } = server.address() as { port: number };
    const second = createServer().listen({ port, host: '127.0.0.1', reusePort: true });
    await once(second, 'listening');
    assert.equal((await probePort('127.0.0.1', port)).free, false, 'sharing works, and the probe sees it');
    for (const each of [second, server]) {
      each.close();
      await once(each, 'close');
    }
    assert.equal((await probePort('127.0.0.1', port)).free, true);
  });

  const rows: readonly [name: string, host: string, reason: RegExp][] = [
    ['an address of another machine', '192.0.2.1', /is no address of this machine/],
    ['a name that does not exist', 'no-such-host.invalid', /cannot be resolved|EAI_AGAIN/],
  ];
  for (const [name, host, reason] of rows) {
    it(`says why ${name} cannot be listened on`, async () => {
      const probe = await probePort(host, 18_080);
      assert.ok(!probe.free);
      assert.match(probe.reason, reason);
    });
  }
});

describe('the checks', () => {
  const context = (settings: Partial<Settings>, lastSeen?: string): PostContext => ({
    settings: { ...defaults, ...settings },
    firstRun: lastSeen === undefined,
    lastSeen,
  });

  it('warn when the clock went back since this data was last used', async () => {
    const later = new Date(Date.now() + 3600_000).toISOString();
    assert.equal((await clockCheck.run(context({}, later))).outcome, 'warn');
    assert.equal((await clockCheck.run(context({}, new Date().toISOString()))).outcome, 'ok');
  });

  const rows: readonly [host: string, proxies: string[], outcome: string][] = [
    ['127.0.0.1', [], 'ok'],
    ['::1', [], 'ok'],
    ['localhost', [], 'ok'],
    ['0.0.0.0', [], 'warn'],
    ['10.1.2.3', [], 'warn'],
    ['0.0.0.0', ['10.0.0.0/8'], 'ok'],
  ];
  for (const [host, trustedProxies, outcome] of rows) {
    it(`find ${host} with ${trustedProxies.length} proxies ${outcome}`, async () => {
      assert.equal((await exposureCheck.run(context({ host, trustedProxies }))).outcome, outcome);
    });
  }
});
