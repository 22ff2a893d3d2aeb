import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Login } from '../login.ts';

/** What a database URL says. */
export interface DatabaseUrl {
  readonly endpoint: Endpoint;
  readonly login: Login;
  readonly database: string;
}

/**
 * Reads a libpq URL: `postgres://user:password@host:5432/database?sslmode=require`, or with `?host=/folder` for a
 * unix socket. Never repeats the URL in an error: it holds a password.
 * @throws MF703
 */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  let url: URL;
  try {
    // libpq allows no host before the path when it comes as a parameter; WHATWG's URL does not.
    url = new URL(text.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)(?=\/)/, '$1localhost'));
  } catch {
    throw invalid('it is not a URL');
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw invalid('it must begin with postgres://');
  const user = decodeURIComponent(url.username);
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  if (user === '') throw invalid('it names no user');
  if (host === '') throw invalid('it names no host');
  const database = decodeURIComponent(url.pathname.slice(1));
  return {
    endpoint: {
      host,
      port: Number(url.searchParams.get('port') ?? (url.port || 5432)),
      ssl: sslOf(url.searchParams.get('sslmode'), host),
      publicHost: host.startsWith('/') ? '127.0.0.1' : host,
    },
    login: { user, password: decodeURIComponent(url.password) },
    database: database === '' ? 'postgres' : database,
  };
}

/** The words of libpq's sslmode. Without one: encrypted when the server is elsewhere would be guessing, so off. */
function sslOf(mode: string | null, host: string): Endpoint['ssl'] {
  if (host.startsWith('/')) return false;
  switch (mode) {
    case null:
    case 'disable':
    case 'allow':
    case 'prefer':
      return false;
    case 'require':
    case 'no-verify':
      return { rejectUnauthorized: false };
    case 'verify-ca':
    case 'verify-full':
      return { rejectUnauthorized: true };
    default:
      throw invalid(`sslmode "${mode}" is unknown`);
  }
}

function invalid(why: string): MagFlockError {
  return new MagFlockError('MF703', `DATABASE_URL cannot be used: ${why}.`, {
    fix: 'Write it as postgres://user:password@host:5432/postgres.',
  });
}
