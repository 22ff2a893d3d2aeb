import { permissionQuestion } from '../../../sandbox/broker/permission-sentence.ts';
import type { ExtensionInfo } from '../../protocol/extensions.protocol.ts';
import { formatBytes } from '../format-bytes.ts';
import type { Output } from '../output.ts';
import { safeText } from './safe-text.ts';
import { styleExtensionState } from './style-extension-state.ts';

/** Newest entries of the history that are shown. */
const historyShown = 20;

/** What an operator wants to know of an extension, and above all why it stands where it stands. */
export function explainExtension(info: ExtensionInfo, output: Output): readonly string[] {
  const { manifest, staged } = info;
  const line = (name: string, value: string): string => `${name.padEnd(11)} ${value}`;
  const expires = (at: string | undefined): string => (at === undefined ? '' : ` (until ${at})`);
  return [
    `${output.style('bold', `${info.name} ${info.version}`)} (${info.id})`,
    line('', safeText(manifest.description, 500)),
    line('state', styleExtensionState(output, info.state)),
    ...(info.reason === null ? [] : [line('why', output.style('red', safeText(info.reason, 500)))]),
    ...whatNow(info).map((text) => line('', text)),
    line('publisher', `${safeText(info.publisher)}, ${info.signature}`),
    line('trust', `${info.trust}: shares cages only with others of this level`),
    line('projects', info.projects.join(', ') || 'none'),
    line('installed', info.installedAt),
    line('lives', `#${info.incarnation}, ${info.restarts} restarts`),
    ...(staged === null
      ? []
      : [
          line('waiting', `${safeText(staged.version)}: magflock ext accept ${info.name}, or ext refuse`),
          ...staged.permissions.map((one) => line('', `asks: ${permissionQuestion(one, manifest).sentence}`)),
        ]),
    'May do:',
    ...list(
      info.grants.map(
        (grant) => `${permissionQuestion(grant, manifest).sentence}${expires(grant.expiresAt)}`,
      ),
      'nothing outside of itself',
    ),
    'Uses, of its limits:',
    ...usage(info),
    'What has happened:',
    ...list(
      info.history
        .slice(-historyShown)
        .map(({ at, what, detail }) => `${at}  ${safeText(what)}  ${safeText(detail, 500)}`),
      'nothing yet',
    ),
  ];
}

function whatNow({ name, state }: ExtensionInfo): readonly string[] {
  switch (state) {
    case 'quarantined':
      return [
        'It does not run: its calls are refused (MF663). Neither the daemon nor other extensions were touched.',
        `magflock ext logs ${name} tells more; magflock ext release ${name} lets it in again.`,
      ];
    case 'failed':
      return [`magflock ext logs ${name} tells more; ext disable and ext enable start it again.`];
    case 'disabled':
      return [`magflock ext enable ${name} starts it.`];
    case 'idle':
      return ['It starts with the first call.'];
    default:
      return [];
  }
}

function usage({ usage: used, limits }: ExtensionInfo): readonly string[] {
  const rows = [
    [
      'calls',
      `${used.calls}, ${used.failures} failed, ${used.concurrentCalls} of ${limits.concurrentCalls} now`,
    ],
    ['processor', `${Math.round(used.cpuMsLastMinute)} of ${limits.cpuMsPerMinute} ms in the last minute`],
    ['memory', `${formatBytes(used.heapBytes)} of ${limits.memoryMegabytes} MiB`],
    ['disk', `${formatBytes(used.diskBytes)} of ${limits.diskMegabytes} MiB`],
    [
      'asked',
      `${used.syscalls} times of the machine; ${used.rows} rows, ${formatBytes(used.egressBytes)} network`,
    ],
    ['log', `${used.logLines} lines`],
    ...Object.entries(used.refusals).map(([limit, times]) => [
      'refused',
      `${times} times at ${safeText(limit)}`,
    ]),
  ];
  return rows.map(([name, value]) => `  ${name!.padEnd(10)} ${value}`);
}

function list(lines: readonly string[], none: string): readonly string[] {
  return (lines.length === 0 ? [none] : lines).map((text) => `  ${text}`);
}
