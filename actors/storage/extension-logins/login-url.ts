import type { Endpoint } from '../endpoint.ts';
import type { Login } from '../login.ts';

/** A URL of libpq for a login, over the way that the daemon itself takes: a socket folder goes as a parameter. */
export function loginUrl(endpoint: Endpoint, login: Login, database: string): string {
  const url = new URL(`postgres://localhost/${encodeURIComponent(database)}`);
  url.username = encodeURIComponent(login.user);
  url.password = encodeURIComponent(login.password);
  url.port = String(endpoint.port);
  const { host, ssl } = endpoint;
  if (host.startsWith('/')) url.searchParams.set('host', host);
  else url.hostname = host.includes(':') ? `[${host}]` : host;
  if (ssl !== false) {
    const checked = ssl === true || ssl.rejectUnauthorized;
    url.searchParams.set('sslmode', checked ? 'verify-full' : 'no-verify');
  }
  return url.href;
}
