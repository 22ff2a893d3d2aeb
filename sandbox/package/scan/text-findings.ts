import { BlockList, isIP } from 'node:net';
import type { ExtensionManifest } from '../../../runtime/protocol/extension-manifest.ts';
import type { Finding } from './finding.ts';

export type TextFinding = Pick<Finding, 'severity' | 'rule' | 'message'>;

const local = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  local.addSubnet(net, bits);
}
for (const [net, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  local.addSubnet(net, bits, 'ipv6');

const dangerousSql =
  /\b(set\s+(local\s+|session\s+)?role|set\s+(local\s+|session\s+)?session\s+authorization|copy\b[^;]{0,200}\bprogram|pg_read_(binary_)?file|pg_ls_dir|lo_(im|ex)port|dblink|create\s+extension|alter\s+system|security\s+definer)\b|\bset_config\s*\(\s*'role'/i;
const ddl = /^\s*(create|alter|drop|truncate|grant|revoke|comment\s+on|reindex|cluster)\s+\w+/i;

/**
 * What a text in the code says about it.
 * @param text of a literal, or of the fixed parts of a template
 */
export function* textFindings(text: string, manifest: ExtensionManifest): Generator<TextFinding> {
  const danger = dangerousSql.exec(text);
  if (danger !== null) {
    const what = danger[0].replace(/\s+/g, ' ').toLowerCase();
    yield {
      severity: 'danger',
      rule: 'sql-escape',
      message: `SQL that reaches beyond its own role: ${shown(what)}`,
    };
  } else if (ddl.test(text)) {
    yield {
      severity: 'warning',
      rule: 'sql-ddl',
      message: 'SQL in the code changes the structure of the database; that belongs into migrations',
    };
  }
  if (/[\u202a-\u202e\u2066-\u2069]/.test(text)) {
    yield {
      severity: 'danger',
      rule: 'hidden-text',
      message: 'a text turns the direction of writing: it looks like another',
    };
  }
  if (text.length >= 1000 && /^[A-Za-z0-9+/_=-]+$/.test(text)) {
    yield {
      severity: 'warning',
      rule: 'encoded-text',
      message: `a text of ${text.length} characters is encoded; what it holds cannot be seen`,
    };
  }
  if (text.startsWith('\0asm') || text.startsWith('AGFzbQ')) {
    yield { severity: 'warning', rule: 'webassembly', message: 'a text holds WebAssembly code' };
  }
  yield* ofHosts(text, manifest);
}

function* ofHosts(text: string, manifest: ExtensionManifest): Generator<TextFinding> {
  const listed = manifest.permissions.find(({ capability }) => capability === 'net.fetch')?.scope ?? [];
  for (const [, authority = ''] of text
    .slice(0, 100_000)
    .matchAll(/\b(?:https?|wss?):\/\/([^/\s'"`?#]{1,300})/gi)) {
    const host = hostOf(authority);
    if (host === undefined) continue;
    if (isLocal(host)) {
      yield {
        severity: 'danger',
        rule: 'local-address',
        message: `an address inside the network: ${shown(host)}`,
      };
    } else if (isIP(host) !== 0) {
      yield { severity: 'warning', rule: 'ip-address', message: `an address without a name: ${shown(host)}` };
    } else if (listed.length > 0 && !isListed(host, listed)) {
      yield {
        severity: 'info',
        rule: 'unlisted-host',
        message: `the host ${shown(host)} is not in the scope of net.fetch`,
      };
    }
  }
  const bare = text.trim().replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) {
    const severity = isLocal(bare) ? 'danger' : 'warning';
    const rule = isLocal(bare) ? 'local-address' : 'ip-address';
    yield { severity, rule, message: `an address without a name: ${shown(bare)}` };
  }
}

/** As a URL parser sees it: `0x7f.1`, `2130706433` and `user@127.0.0.1` are addresses too. */
function hostOf(authority: string): string | undefined {
  try {
    return new URL(`http://${authority}/`).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  } catch {
    return undefined;
  }
}

function isLocal(host: string): boolean {
  const family = isIP(host);
  if (family === 4) return local.check(host);
  if (family === 6) {
    const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(new URL(`http://[${host}]`).hostname.slice(1, -1));
    if (mapped === null) return host === '::' || local.check(host, 'ipv6');
    const number = (Number.parseInt(mapped[1]!, 16) << 16) | Number.parseInt(mapped[2]!, 16);
    return local.check([24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.'));
  }
  return /(^|\.)(localhost|local|internal|localdomain)$/.test(host);
}

function isListed(host: string, scopes: readonly string[]): boolean {
  return scopes.some((scope) => {
    const name = scope.replace(/:\d+$/, '');
    return name === '*' || name === host || (name.startsWith('*.') && host.endsWith(name.slice(1)));
  });
}

function shown(text: string): string {
  return text.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
}
