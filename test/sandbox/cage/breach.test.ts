import assert from 'node:assert/strict';
import { frameKind } from '../../../sandbox/protocol/frame-kind.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { type FakeFleet, fakeFleet } from './fake-fleet.ts';

const unknown = 'ab'.repeat(12);
const error = JSON.stringify({ code: 'MF662', message: 'x', retryable: false });

/** Each: what a cage sends that none sends, as the order to the hostile inside. */
const breaches: [string, Record<string, unknown>][] = [
  ['a length of zero', { do: 'raw', bytes: '00000000' }],
  ['the greatest length', { do: 'raw', bytes: 'ffffffff' }],
  ['a kind that does not exist', { do: 'frame', value: 99 }],
  ['a kind that goes into cages', { do: 'frame', value: frameKind.call }],
  [
    'an answer to no call',
    { do: 'frame', value: frameKind.answer, bytes: unknown, text: '\u0001\0\0\0\0null' },
  ],
  ['an answer too short for its head', { do: 'frame', value: frameKind.answer, text: '\u0001' }],
  [
    'an answer with an error that is none',
    { do: 'frame', value: frameKind.answer, text: '\0\0\0\0\0"text"' },
  ],
  ['the answer to a call of another guest', { do: 'steal' }],
  ['a second ready', { do: 'frame0', value: frameKind.ready, text: '{}' }],
  ['a loaded for nothing', { do: 'frame', value: frameKind.loaded, bytes: unknown, text: `\0${error}` }],
  ['a pong to no ping', { do: 'frame', value: frameKind.pong, bytes: unknown, text: '{}' }],
  ['a pong of the process to no ping', { do: 'frame0', value: frameKind.pong, bytes: unknown, text: '{}' }],
  ['a system call that is no JSON', { do: 'frame', value: frameKind.syscall, bytes: unknown, text: '[' }],
  [
    'a system call of another shape',
    { do: 'frame', value: frameKind.syscall, bytes: unknown, text: '[1,2,3,4]' },
  ],
  ['a system call with the id of another', { do: 'twin' }],
  ['a log line of no level', { do: 'frame', value: frameKind.log, text: '\u0009line' }],
  ['a log line of no guest', { do: 'frame0', value: frameKind.log, text: '\u0001line' }],
  ['an end for no reason', { do: 'ended', text: 'whim' }],
  ['random bytes', { do: 'random' }],
  ['a flood of log lines', { do: 'flood' }],
];

describe('a cage that breaks the protocol', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let fakes: FakeFleet;

  afterEach(() => fakes.fleet.stop());

  it('is ended, whatever it sends, and its tenants are let in again', async () => {
    fakes = fakeFleet(folder());
    for (const [what, order] of breaches) {
      fakes.fleet.forgive('bad');
      fakes.fleet.forgive('good');
      const bad = await fakes.open('bad');
      const good = await fakes.open('good');
      assert.equal(good.tenant.pid, bad.tenant.pid, what);
      const waiting = good.tell({ do: 'never' });
      const [lost, own] = await Promise.allSettled([waiting, bad.tell(order)]);
      const last = fakes.ends.at(-1);
      assert.equal(last?.reason, 'breach', what);
      assert.deepEqual([...(last?.tenants ?? [])].sort(), ['bad', 'good'], what);
      for (const result of [lost, own]) {
        assert.equal(result.status === 'rejected' && result.reason.code, 'MF601', what);
      }
      assert.equal((await good.ended).cage, 'killed');
      assert.match((await bad.ended).detail, /^MF675/);
    }
    assert.equal(fakes.ends.length, breaches.length);
    await fakes.fleet.stop();
    for (const { pid } of fakes.ends) assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });
});
