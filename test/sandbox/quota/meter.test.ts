import assert from 'node:assert/strict';
import { createMeter } from '../../../sandbox/quota/create-meter.ts';
import type { ExtensionMeter } from '../../../sandbox/quota/extension-meter.ts';
import type { LimitName, LimitPolicy } from '../../../sandbox/quota/limits.ts';
import { resolveLimits } from '../../../sandbox/quota/resolve-limits.ts';
import { slidingWindow } from '../../../sandbox/quota/sliding-window.ts';

interface Told {
  readonly limit: LimitName;
  readonly value: number;
  readonly max: number;
  readonly policy: LimitPolicy;
}

describe('sandbox: meter', () => {
  let clock = 0;
  let told: Told[] = [];
  let meter: ExtensionMeter;
  function meterOf(limits: object): void {
    clock = 1_000_000;
    told = [];
    meter = createMeter({
      id: 'acme.one',
      limits: resolveLimits(limits),
      exceeded: (facts) => told.push(facts),
      now: () => clock,
    });
  }
  const over = (limit: LimitName, run: () => void, max: number): void => {
    assert.throws(run, (error: { code?: string; details?: object }) => {
      assert.equal(error.code, 'MF664');
      assert.deepEqual(error.details, { limit, max });
      return true;
    });
  };

  it('calls per second', () => {
    meterOf({ callsPerSecond: 3 });
    for (let n = 0; n < 3; n += 1) {
      meter.begin();
      meter.end(0, false);
    }
    over('callsPerSecond', () => meter.begin(), 3);
    clock += 500;
    over('callsPerSecond', () => meter.begin(), 3);
    clock += 600;
    meter.begin();
  });

  it('calls at the same time; an end too many opens nothing', () => {
    meterOf({ concurrentCalls: 2 });
    meter.begin();
    meter.begin();
    over('concurrentCalls', () => meter.begin(), 2);
    meter.end(0, false);
    meter.begin();
    for (let n = 0; n < 5; n += 1) meter.end(0, false);
    meter.begin();
    meter.begin();
    over('concurrentCalls', () => meter.begin(), 2);
  });

  it('processor time per minute', () => {
    meterOf({ cpuMsPerMinute: 100 });
    meter.begin();
    meter.end(100_000, true);
    over('cpuMsPerMinute', () => meter.begin(), 100);
    clock += 61_000;
    meter.begin();
    assert.equal(meter.usage().cpuMs, 100);
    assert.equal(meter.usage().cpuMsLastMinute, 0);
    assert.equal(meter.usage().failures, 1);
  });

  it('system calls, rows, egress, disk and log lines', () => {
    meterOf({
      messagesPerSecond: 1,
      rowsPerCall: 10,
      egressBytesPerMinute: 10,
      diskMegabytes: 1,
      logLinesPerMinute: 2,
    });
    meter.syscall();
    over('messagesPerSecond', () => meter.syscall(), 1);
    meter.spend('rows', 10);
    meter.spend('rows', 5, 5);
    over('rowsPerCall', () => meter.spend('rows', 6, 5), 10);
    meter.spend('egress', 10);
    over('egressBytesPerMinute', () => meter.spend('egress', 1), 10);
    meter.spend('disk', 1024 * 1024);
    over('diskMegabytes', () => meter.spend('disk', 1), 1);
    meter.spend('disk', -1);
    meter.spend('disk', 1);
    assert.deepEqual([meter.logLine(), meter.logLine(), meter.logLine()], [true, true, false]);
    assert.throws(() => meter.spend('egress', Number.NaN), RangeError);
    meter.vitals(5);
    assert.deepEqual(meter.usage(), {
      calls: 0,
      failures: 0,
      concurrentCalls: 0,
      cpuMs: 0,
      cpuMsLastMinute: 0,
      heapBytes: 5,
      syscalls: 1,
      rows: 21,
      egressBytes: 11,
      diskBytes: 1024 * 1024,
      logLines: 2,
      refusals: {
        messagesPerSecond: 1,
        rowsPerCall: 1,
        egressBytesPerMinute: 1,
        diskMegabytes: 1,
        logLinesPerMinute: 1,
      },
    });
  });

  it('nobody gives disk back that was never taken', () => {
    meterOf({ diskMegabytes: 1 });
    meter.spend('disk', -1024 * 1024);
    meter.spend('disk', 1024 * 1024);
    over('diskMegabytes', () => meter.spend('disk', 1), 1);
  });

  it('the listener hears at most once a second per limit', () => {
    meterOf({ messagesPerSecond: 1, rowsPerCall: 1 });
    meter.syscall();
    for (let n = 0; n < 100; n += 1) assert.throws(() => meter.syscall());
    assert.throws(() => meter.spend('rows', 2));
    assert.deepEqual(
      told.map(({ limit, value, max, policy }) => [limit, value, max, policy]),
      [
        ['messagesPerSecond', 2, 1, 'throttle'],
        ['rowsPerCall', 2, 1, 'throttle'],
      ],
    );
  });

  const overFor = (limit: LimitName, seconds: number): LimitPolicy[] => {
    told = [];
    for (let n = 0; n < seconds; n += 1) {
      clock += 1_000;
      meter.exceeded(limit, 1);
    }
    return told.map(({ policy }) => policy);
  };

  it('throttle, then restart, then quarantine', () => {
    meterOf({});
    const steps = overFor('messagesPerSecond', 30);
    assert.deepEqual(
      steps.flatMap((policy, n) => (policy === 'throttle' ? [] : [[n + 1, policy]])),
      [
        [10, 'restart'],
        [20, 'restart'],
        [30, 'quarantine'],
      ],
    );
  });

  it('who stays within the limit comes down again', () => {
    meterOf({});
    assert.equal(overFor('messagesPerSecond', 20).filter((one) => one === 'restart').length, 2);
    assert.ok(!overFor('messagesPerSecond', 9).includes('restart'));
    clock += 70_000;
    assert.ok(!overFor('messagesPerSecond', 9).includes('restart'));
    clock += 700_000;
    assert.deepEqual(new Set(overFor('messagesPerSecond', 10)), new Set(['throttle', 'restart']));
  });

  it('memory and processor time of a call have ended the isolate already', () => {
    meterOf({});
    assert.deepEqual(overFor('memoryMegabytes', 3), ['restart', 'restart', 'quarantine']);
    assert.deepEqual(overFor('cpuMsPerCall', 3), ['restart', 'restart', 'quarantine']);
  });

  it('callers cannot have an extension quarantined', () => {
    meterOf({});
    for (const limit of ['callsPerSecond', 'concurrentCalls', 'cpuMsPerMinute'] as const) {
      assert.deepEqual(new Set(overFor(limit, 100)), new Set(['throttle']));
    }
  });

  it('a window never lets more than the limit through in any span, and a clock that goes back empties nothing', () => {
    const window = slidingWindow(1_000, 10);
    window.add(5_050, 1);
    assert.equal(window.sum(6_049), 1);
    assert.equal(window.sum(6_200), 0);
    window.add(6_200, 2);
    assert.equal(window.sum(100), 2);
    window.add(100, 1);
    assert.equal(window.sum(6_250), 3);
    assert.equal(window.sum(1e9), 0);
  });
});

describe('sandbox: limits', () => {
  it('the manifest raises up to a maximum, the operator narrows', () => {
    assert.equal(resolveLimits().cpuMsPerCall, 100);
    assert.equal(resolveLimits({ cpuMsPerCall: 500 }).cpuMsPerCall, 500);
    assert.equal(resolveLimits({ cpuMsPerCall: 1e9 }).cpuMsPerCall, 5_000);
    assert.equal(resolveLimits({ cpuMsPerCall: 500 }, { cpuMsPerCall: 50 }).cpuMsPerCall, 50);
    assert.equal(resolveLimits({ cpuMsPerCall: 20 }, { cpuMsPerCall: 50 }).cpuMsPerCall, 20);
  });

  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '9' as never, null as never]) {
    it(`${value} lifts no bound`, () => {
      assert.equal(resolveLimits({ memoryMegabytes: value }).memoryMegabytes, 64);
      assert.equal(resolveLimits({ memoryMegabytes: 100 }, { memoryMegabytes: value }).memoryMegabytes, 100);
    });
  }

  it('limits of the prototype are none', () => {
    const asked = JSON.parse('{"__proto__":{"memoryMegabytes":512}}') as object;
    assert.equal(resolveLimits(asked).memoryMegabytes, 64);
    assert.equal(resolveLimits(Object.create({ memoryMegabytes: 512 })).memoryMegabytes, 64);
  });
});
