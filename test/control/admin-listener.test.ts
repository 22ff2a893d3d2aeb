import assert from 'node:assert/strict';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ControlHarness, controlHarness } from './control-harness.ts';

describe('the admin listener', () => {
  const folder = temporaryFolder();
  let control: ControlHarness;
  let health: Record<string, { status: string; summary: string }> = {};

  beforeEach(async () => {
    health = { storage: { status: 'ok', summary: 'fine' } };
    control = await controlHarness(folder(), {
      motherboard: (method) =>
        method === 'metrics' ? { text: 'up 1\n', contentType: 'text/plain; version=0.0.4' } : health,
    });
  });
  afterEach(() => control.stop());

  const get = async (path: string, method = 'GET') => {
    const response = await fetch(control.state.adminUrl + path, { method, headers: { connection: 'close' } });
    return {
      status: response.status,
      text: await response.text(),
      type: response.headers.get('content-type'),
    };
  };

  it('is alive without asking any part', async () => {
    for (const path of ['/livez', '/healthz']) assert.deepEqual((await get(path)).status, 200);
    assert.deepEqual(control.asked, []);
  });

  it('is ready only between the ready of the daemon and its stop, and while the parts work', async () => {
    assert.equal((await get('/readyz')).text, 'starting\n');
    control.state.url = 'http://x';
    assert.deepEqual(await get('/readyz'), { status: 200, text: 'ok\n', type: 'text/plain; charset=utf-8' });
    health['storage'] = { status: 'failed', summary: 'gone' };
    const answer = await get('/readyz');
    assert.equal(answer.status, 503);
    assert.equal(answer.text, 'not ready: storage\n');
    health['storage'] = { status: 'degraded', summary: 'slow' };
    assert.equal((await get('/readyz')).status, 200);
    control.emit('system.stopping', { reason: 'test' });
    assert.deepEqual((await get('/readyz')).text, 'stopping\n');
  });

  it('tells part by part with ?verbose', async () => {
    control.state.url = 'http://x';
    assert.deepEqual(JSON.parse((await get('/readyz?verbose')).text), { parts: health });
    assert.deepEqual(JSON.parse((await get('/healthz?verbose')).text), { parts: health });
  });

  it('has the metrics of all threads', async () => {
    assert.deepEqual(await get('/metrics'), {
      status: 200,
      text: 'up 1\n',
      type: 'text/plain; version=0.0.4',
    });
  });

  it('answers nothing else', async () => {
    assert.equal((await get('/control/v1/status')).status, 404);
    assert.equal((await get('/metrics', 'POST')).status, 405);
    assert.equal((await get('/metrics', 'HEAD')).text, '');
  });
});
