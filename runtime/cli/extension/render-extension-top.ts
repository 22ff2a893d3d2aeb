import type { ExtensionInfo } from '../../protocol/extensions.protocol.ts';
import { formatBytes } from '../format-bytes.ts';
import type { Output } from '../output.ts';
import { renderTable } from '../render-table.ts';
import { safeText } from './safe-text.ts';
import { styleExtensionState } from './style-extension-state.ts';

interface Frame {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly all: readonly ExtensionInfo[];
}

const headings = [
  'EXTENSION',
  'STATE',
  'CALLS/S',
  'NOW',
  'CALLS',
  'FAILED',
  'CPU MS/MIN',
  'HEAP',
  'ASKED/S',
  'ROWS',
  'NETWORK',
  'DISK',
  'LOG',
  'REFUSED',
] as const;

/**
 * One frame of `magflock ext top`.
 * @param before the frame before, for rates; undefined for the first
 */
export function renderExtensionTop(frame: Frame, before: Frame | undefined, output: Output): string {
  const seconds = before === undefined ? 0 : (frame.at - before.at) / 1000;
  const rows = frame.all.map(({ id, name, state, usage }) => {
    const old = before?.all.find((one) => one.id === id)?.usage;
    const rate = (now: number, then: number | undefined): string =>
      then === undefined || seconds <= 0 ? '–' : String(Math.max(0, Math.round((now - then) / seconds)));
    return [
      safeText(name),
      styleExtensionState(output, state),
      rate(usage.calls, old?.calls),
      String(usage.concurrentCalls),
      String(usage.calls),
      String(usage.failures),
      String(Math.round(usage.cpuMsLastMinute)),
      formatBytes(usage.heapBytes),
      rate(usage.syscalls, old?.syscalls),
      String(usage.rows),
      formatBytes(usage.egressBytes),
      formatBytes(usage.diskBytes),
      String(usage.logLines),
      Object.entries(usage.refusals)
        .map(([limit, times]) => `${safeText(limit)} ${times}`)
        .join(', '),
    ];
  });
  return renderTable(headings, rows, {
    columns: output.stdout.columns,
    styleHeading: (text) => output.style('bold', text),
  });
}
