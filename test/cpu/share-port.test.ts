import assert from 'node:assert/strict';
import { sharePort } from '../../actors/cpu/share-port.ts';

/** A listener of a system that cannot share ports, and what it was asked. */
function unsharing() {
  const asked: boolean[] = [];
  return {
    asked,
    async listen(host: string, port: number, reusePort: boolean) {
      asked.push(reusePort);
      if (reusePort) throw Object.assign(new Error('listen ENOTSUP'), { code: 'ENOTSUP' });
      return { host, port: port || 4_711 };
    },
  };
}

const request = { host: '127.0.0.1', port: 0 };

describe('where ports cannot be shared', () => {
  it('the first CPU thread listens alone', async () => {
    const listener = unsharing();
    const shared = await sharePort(listener, request, '/cpu-0', { warn: () => assert.fail('it does serve') });
    assert.deepEqual(shared, { address: { host: '127.0.0.1', port: 4_711 }, listening: true });
    assert.deepEqual(listener.asked, [true, false]);
  });

  for (const path of ['/cpu-1', '/cpu-10', '/cpu-20']) {
    it(`${path} stays idle and says so`, async () => {
      const listener = unsharing();
      const warnings: unknown[] = [];
      const log = { warn: (...line: unknown[]) => warnings.push(line) } as never;
      const shared = await sharePort(listener, { host: '127.0.0.1', port: 80 }, path, log);
      assert.deepEqual(shared, { address: { host: '127.0.0.1', port: 80 }, listening: false });
      assert.deepEqual(listener.asked, [true]);
      assert.equal(warnings.length, 1);
    });
  }

  it('another failure is no reason to listen alone', async () => {
    const listener = { listen: () => Promise.reject(Object.assign(new Error('taken'), { code: 'MF702' })) };
    await assert.rejects(sharePort(listener, request, '/cpu-0', { warn: () => {} }), /taken/);
  });
});
