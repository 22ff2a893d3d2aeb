import type { PostCheck } from '../post-check.ts';
import { probePort } from '../probe-port.ts';

/** Both listeners' ports are free: the CPU threads share theirs, so a second daemon would silently share too. */
export const portsCheck: PostCheck = {
  part: 'ports',
  required: true,
  async run({ settings }) {
    const wanted = [
      { flag: '--port', host: settings.host, port: settings.port },
      { flag: '--admin-port', host: settings.adminHost, port: settings.adminPort },
    ];
    const results = await Promise.all(wanted.map(({ host, port }) => probePort(host, port)));
    const facts = wanted.map(({ host, port }) => `${host}:${port === 0 ? 'any' : port}`).join(', ');
    for (const [index, result] of results.entries()) {
      const { flag, host, port } = wanted[index]!;
      if (result.free) continue;
      const fix = result.reason === 'in use' ? `${flag} <another>, or stop that process` : result.fix;
      const holder = result.holder === undefined ? '' : ` by ${result.holder}`;
      return { outcome: 'fail', facts: `${host}:${port} ${result.reason}${holder}`, fix, code: 'MF702' };
    }
    return { outcome: 'ok', facts: `${facts} free` };
  },
};
