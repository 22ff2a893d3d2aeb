import { covers } from '../../covers.ts';
import { networkRefusal } from './network-refusal.ts';

/**
 * The address of one hop: http or https, no credentials, host and port within the scopes. `*` is every public host
 * on the default ports; other ports must be named with their host.
 * @throws MF672 naming the rule
 */
export function checkAddress(text: string, scopes: readonly string[], base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null) throw networkRefusal('url', 'The address cannot be read.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw networkRefusal('scheme', 'Only https and http addresses can be fetched.');
  }
  if (url.username !== '' || url.password !== '') {
    throw networkRefusal('credentials', 'An address must not hold credentials; send a header.');
  }
  // `api.example.com.` is the same host, but no certificate and no list says it like that.
  url.hostname = url.hostname.replace(/\.$/, '');
  url.hash = '';
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const held = port === 80 || port === 443 ? scopes : scopes.filter((scope) => scope !== '*');
  if (!covers('net.fetch', held, `${url.hostname}:${port}`)) {
    throw networkRefusal('host', `${url.host} is not on the list of hosts of this extension.`, url.host);
  }
  return url;
}
