import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlClient, connectControl } from '../../runtime/cli/control-client.ts';
import { daemonAddress } from '../../runtime/cli/daemon-address.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

describe('the control client', () => {
  let folder: string;
  let server: Server | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-control-'));
  });

  afterEach(async () => {
    server?.closeAllConnections();
    if (server?.listening) await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  async function serve(listener: RequestListener): Promise<ControlClient> {
    writeFileSync(join(folder, 'control.token'), 'the-token\n', { mode: 0o600 });
    server = createServer(listener);
    await new Promise<void>((resolve) => server!.listen(join(folder, 'control.sock'), resolve));
    return connectControl(daemonAddress(folder));
  }

  it('sends the token and the body as JSON, and gives back the answer', async () => {
    const client = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { authorization, 'content-type': type } = request.headers;
        response.end(JSON.stringify({ authorization, type, body, url: request.url, method: request.method }));
      });
    });
    assert.deepEqual(await client.ask('POST', '/sql', { project: 'main', text: 'select 1' }), {
      authorization: 'Bearer the-token',
      type: 'application/json',
      body: '{"project":"main","text":"select 1"}',
      url: '/control/v1/sql',
      method: 'POST',
    });
  });

  it('turns problem details back into the error they were made from', async () => {
    const client = await serve((_, response) => {
      response.statusCode = 404;
      response.setHeader('content-type', 'application/problem+json');
      const problem = { type: 'x', title: 'Unknown project', status: 404, detail: 'no project "x"' };
      response.end(JSON.stringify({ ...problem, code: 'MF508', fix: 'magflock project list', hint: 'y' }));
    });
    await assert.rejects(client.ask('GET', '/projects/x'), (thrown: unknown) => {
      assert.ok(thrown instanceof MagFlockError);
      assert.equal(thrown.code, 'MF508');
      assert.equal(thrown.message, 'no project "x"');
      assert.equal(thrown.fix, 'magflock project list');
      assert.deepEqual(thrown.details, { hint: 'y' });
      return true;
    });
  });

  it('says MF699 when the answer is an error that is not ours', async () => {
    const client = await serve((_, response) => {
      response.statusCode = 500;
      response.end('<html>');
    });
    await assert.rejects(client.ask('GET', '/status'), { code: 'MF699', message: /500 to \/status/ });
  });

  it('gives each line of a stream as it comes', async () => {
    const client = await serve((_, response) => {
      response.write('{"bytes":1}\n{"by');
      setTimeout(() => response.end('tes":2}\n\n{"done":true}\n'), 20);
    });
    const lines: unknown[] = [];
    for await (const line of client.stream('POST', '/import', {})) lines.push(line);
    assert.deepEqual(lines, [{ bytes: 1 }, { bytes: 2 }, { done: true }]);
  });

  it('says MF803 with the way out when no daemon was ever started there', () => {
    assert.throws(() => daemonAddress(join(folder, 'none')), {
      code: 'MF803',
      fix: new RegExp(`magflock start --data ${folder}/none`),
    });
  });

  it('says MF803 when the daemon is gone and left its socket behind', async () => {
    const client = await serve((_, response) => response.end('{}'));
    await new Promise((resolve) => server!.close(resolve));
    await assert.rejects(client.ask('GET', '/status'), { code: 'MF803' });
    writeFileSync(join(folder, 'control.sock'), '');
    await assert.rejects(client.ask('GET', '/status'), { code: 'MF803' });
  });

  it('says that a daemon which is alive and does not answer is starting or stopping', () => {
    const facts = { pid: process.pid, version: '0', startedAt: '', socket: 'x', url: null, adminUrl: null };
    writeFileSync(join(folder, 'daemon.json'), JSON.stringify(facts));
    assert.throws(() => daemonAddress(folder), {
      code: 'MF803',
      message: /does not answer yet, or no longer/,
      fix: new RegExp(`kill ${process.pid}`),
    });
  });

  it('says MF803 when the daemon dies in the middle', async () => {
    const client = await serve((request) => request.socket.destroy());
    await assert.rejects(client.ask('POST', '/sql', {}), { code: 'MF803', message: /ended the connection/ });
  });

  it('says so when the daemon dies in the middle of a stream', async () => {
    const client = await serve((_, response) => {
      response.write('{"bytes":1}\n');
      setTimeout(() => response.destroy(), 20);
    });
    const seen: unknown[] = [];
    await assert.rejects(
      async () => {
        for await (const line of client.stream('POST', '/import', {})) seen.push(line);
      },
      { code: 'MF803', message: /ended the connection/ },
    );
    assert.deepEqual(seen, [{ bytes: 1 }]);
  });

  it('says MF804 when the token may not be read', function () {
    if (process.getuid?.() === 0) return this.skip();
    writeFileSync(join(folder, 'control.token'), 'x');
    chmodSync(join(folder, 'control.token'), 0);
    assert.throws(() => daemonAddress(folder), { code: 'MF804' });
  });

  it('takes the socket from daemon.json, which may lie elsewhere', async () => {
    const client = await serve((_, response) => response.end('{"ok":true}'));
    const facts = { pid: 1, version: '0', startedAt: '', socket: join(folder, 'control.sock'), url: null };
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'control.token'), 'the-token');
    writeFileSync(join(other, 'daemon.json'), JSON.stringify(facts));
    assert.deepEqual(await connectControl(daemonAddress(other)).ask('GET', '/status'), { ok: true });
    assert.equal(client.address.socket, facts.socket);
  });

  it('stops waiting when it is cancelled', async () => {
    await serve(() => undefined);
    const cancel = new AbortController();
    const asked = connectControl(daemonAddress(folder), cancel.signal).ask('GET', '/status');
    setTimeout(() => cancel.abort(), 20);
    await assert.rejects(asked, { code: 'MF807' });
  });
});
