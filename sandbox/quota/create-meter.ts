import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionMeter, LimitListener } from './extension-meter.ts';
import { limitLadder } from './limit-ladder.ts';
import { limitPolicies } from './limit-policies.ts';
import type { LimitName, LimitPolicy, Limits } from './limits.ts';
import { slidingWindow } from './sliding-window.ts';

export interface MeterOptions {
  /** Id of the extension, for the messages. */
  readonly id: string;
  readonly limits: Limits;
  /** Told when a limit was exceeded. */
  readonly exceeded: LimitListener;
  /** The last step per limit, instead of `limitPolicies`. */
  readonly policies?: Partial<Readonly<Record<LimitName, LimitPolicy>>>;
  /** Milliseconds, never going back; default `performance.now`. */
  readonly now?: () => number;
}

const megabyte = 1024 * 1024;

/**
 * The meter of one extension. Keep it over restarts of its isolate: a restart must not wipe what was counted.
 * Counting allocates nothing; a refusal does.
 */
export function createMeter({ id, limits, exceeded, policies, now }: MeterOptions): ExtensionMeter {
  const clock = now ?? (() => performance.now());
  const names = Object.keys(limits) as LimitName[];
  const ladders = new Map(
    names.map((name) => [name, limitLadder(name, policies?.[name] ?? limitPolicies[name])] as const),
  );
  const refusals = new Map<LimitName, number>();
  const calls = slidingWindow(1_000, 20);
  const cpu = slidingWindow(60_000, 60);
  const messages = slidingWindow(1_000, 20);
  const egress = slidingWindow(60_000, 60);
  const logLines = slidingWindow(60_000, 60);
  const cpuMicrosPerMinute = limits.cpuMsPerMinute * 1_000;
  const diskBytes = limits.diskMegabytes * megabyte;
  let concurrent = 0;
  const total = {
    calls: 0,
    failures: 0,
    cpuMicros: 0,
    heap: 0,
    syscalls: 0,
    rows: 0,
    egress: 0,
    disk: 0,
    lines: 0,
  };

  function over(limit: LimitName, value: number, max: number, at: number): void {
    refusals.set(limit, (refusals.get(limit) ?? 0) + 1);
    const policy = ladders.get(limit)?.strike(at);
    if (policy !== undefined) exceeded({ limit, value, max, policy });
  }

  function refuse(limit: LimitName, value: number, max: number, at: number): never {
    over(limit, value, max, at);
    throw new MagFlockError('MF664', `The extension ${id} is over its limit ${limit} of ${max}.`, {
      fix: 'Use less, or let the manifest ask for more and the operator allow it.',
      details: { limit, max },
    });
  }

  return {
    begin() {
      const at = clock();
      if (concurrent >= limits.concurrentCalls) {
        refuse('concurrentCalls', concurrent + 1, limits.concurrentCalls, at);
      }
      const perSecond = calls.sum(at) + 1;
      if (perSecond > limits.callsPerSecond) refuse('callsPerSecond', perSecond, limits.callsPerSecond, at);
      const micros = cpu.sum(at);
      if (micros >= cpuMicrosPerMinute) {
        refuse('cpuMsPerMinute', Math.round(micros / 1_000), limits.cpuMsPerMinute, at);
      }
      calls.add(at, 1);
      concurrent += 1;
      total.calls += 1;
    },
    end(cpuMicros, failed) {
      if (concurrent > 0) concurrent -= 1;
      if (cpuMicros > 0) {
        cpu.add(clock(), cpuMicros);
        total.cpuMicros += cpuMicros;
      }
      if (failed) total.failures += 1;
    },
    syscall() {
      const at = clock();
      const perSecond = messages.sum(at) + 1;
      if (perSecond > limits.messagesPerSecond) {
        refuse('messagesPerSecond', perSecond, limits.messagesPerSecond, at);
      }
      messages.add(at, 1);
      total.syscalls += 1;
    },
    spend(quota, amount, before = 0) {
      if (!Number.isFinite(amount)) throw new RangeError(`an amount of ${quota} that is no number`);
      const at = clock();
      if (quota === 'rows') {
        total.rows += Math.max(0, amount);
        if (before + amount > limits.rowsPerCall)
          refuse('rowsPerCall', before + amount, limits.rowsPerCall, at);
      } else if (quota === 'egress') {
        // Counted although refused: these bytes are on the wire, and asking again must not be free.
        total.egress += Math.max(0, amount);
        egress.add(at, Math.max(0, amount));
        const perMinute = egress.sum(at);
        if (perMinute > limits.egressBytesPerMinute) {
          refuse('egressBytesPerMinute', perMinute, limits.egressBytesPerMinute, at);
        }
      } else {
        const level = total.disk + amount;
        if (amount > 0 && level > diskBytes) {
          refuse('diskMegabytes', Math.ceil(level / megabyte), limits.diskMegabytes, at);
        }
        total.disk = Math.max(0, level);
      }
    },
    logLine() {
      const at = clock();
      const perMinute = logLines.sum(at) + 1;
      if (perMinute > limits.logLinesPerMinute) {
        over('logLinesPerMinute', perMinute, limits.logLinesPerMinute, at);
        return false;
      }
      logLines.add(at, 1);
      total.lines += 1;
      return true;
    },
    exceeded(limit, value) {
      over(limit, value, limits[limit], clock());
    },
    vitals(heapBytes) {
      total.heap = heapBytes;
    },
    usage: () => ({
      calls: total.calls,
      failures: total.failures,
      concurrentCalls: concurrent,
      cpuMs: Math.round(total.cpuMicros / 1_000),
      cpuMsLastMinute: Math.round(cpu.sum(clock()) / 1_000),
      heapBytes: total.heap,
      syscalls: total.syscalls,
      rows: total.rows,
      egressBytes: total.egress,
      diskBytes: total.disk,
      logLines: total.lines,
      refusals: Object.fromEntries(refusals),
    }),
  };
}
