import { BlockList, isIP } from 'node:net';
import type { SettingName, Settings } from '../../config/settings.ts';

/** A rule that a type cannot say. */
interface Rule {
  readonly setting: SettingName;
  /** Undefined when fine, else what was expected. */
  check(settings: Settings): string | undefined;
}

const rules: readonly Rule[] = [
  {
    setting: 'trustedProxies',
    check: ({ trustedProxies }) =>
      trustedProxies.every(isRange) ? undefined : 'addresses or CIDR ranges, 10.0.0.0/8',
  },
  {
    setting: 'extensions.allowPrivate',
    check: (settings) =>
      settings['extensions.allowPrivate'].every(isRange) ? undefined : 'addresses or CIDR ranges, 10.0.0.0/8',
  },
  {
    setting: 'corsOrigins',
    check: ({ corsOrigins }) =>
      corsOrigins.every((origin) => origin === '*' || isOrigin(origin))
        ? undefined
        : 'origins such as https://app.example.com, or *',
  },
  {
    setting: 'databaseUrl',
    check: ({ databaseUrl }) =>
      databaseUrl === null || /^postgres(ql)?:\/\/[^/]*\/?/.test(databaseUrl)
        ? undefined
        : 'postgres://user:password@host:5432/database',
  },
  {
    setting: 'masterKey',
    check: ({ masterKey }) => {
      if (masterKey === null) return undefined;
      if (!/^[0-9a-f]{64}$/i.test(masterKey)) return '64 hex digits, for example from: openssl rand -hex 32';
      // A random key repeats few bytes; one typed or copied from an example does.
      const bytes = new Set(masterKey.toLowerCase().match(/../g));
      return bytes.size < 16 ? 'a random key, for example from: openssl rand -hex 32' : undefined;
    },
  },
  {
    setting: 'domain',
    check: ({ domain }) =>
      domain === null || /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{1,63}$/i.test(domain)
        ? undefined
        : 'a host name such as db.example.com',
  },
  {
    setting: 'adminPort',
    check: ({ port, adminPort, host, adminHost }) =>
      port !== 0 && port === adminPort && host === adminHost ? 'another port than `port`' : undefined,
  },
  {
    setting: 'api.defaultLimit',
    check: (settings) =>
      settings['api.defaultLimit'] > settings['api.maxLimit']
        ? `at most api.maxLimit (${settings['api.maxLimit']})`
        : undefined,
  },
];

/** Rules over several settings or beyond a type; answers what each broken one expects. */
export function checkSettings(settings: Settings): readonly { setting: SettingName; expected: string }[] {
  return rules.flatMap(({ setting, check }) => {
    const expected = check(settings);
    return expected === undefined ? [] : [{ setting, expected }];
  });
}

function isRange(text: string): boolean {
  const [address = '', prefix] = text.split('/');
  const family = isIP(address);
  if (family === 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix)) return false;
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
