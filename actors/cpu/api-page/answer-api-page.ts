import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { GatewayAnswer } from '../../../runtime/protocol/gateway.protocol.ts';
import { acceptsGzip } from '../accepts-gzip.ts';
import type { Exchange } from '../exchange.ts';
import { type PageFile, pageFiles } from './page-files.ts';
import { pageSecurityHeaders } from './page-security-headers.ts';

const compress = promisify(gzip);
/** Compressed once, not at every request: the page needs no key, so anybody may ask for it. */
const compressed = new Map<PageFile, Promise<Buffer>>();

/**
 * The page `/docs` of every project and its files. The page is the same for everybody and holds nothing of a project:
 * what it shows, it asks for with the key that its reader gives it.
 * @returns undefined for any other path
 * @throws MF104 for a file that is not on the list, MF105
 */
export function answerApiPage(exchange: Exchange): GatewayAnswer | Promise<GatewayAnswer> | undefined {
  const { path, method, headers } = exchange.context;
  if (!path.startsWith('/docs') || (path.length > 5 && path[5] !== '/')) return undefined;
  exchange.route = path.length > 6 ? '/docs/{file}' : '/docs';
  if (method !== 'GET' && method !== 'HEAD') {
    throw new MagFlockError('MF105', `The method ${method} is not served here.`, {
      details: { allow: 'GET, HEAD' },
    });
  }
  // Its links are relative, so that they hold below /p/<ref> and behind a proxy: a slash at its end would break them.
  if (path === '/docs/') return { status: 308, headers: { Location: '/docs' }, body: '' };
  const { page, digest, files } = pageFiles();
  if (path === '/docs') {
    exchange.security = pageSecurityHeaders;
    const served = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' };
    return { status: 200, headers: served, body: page };
  }
  const [, , version, name = '', ...more] = path.split('/');
  const file = version === digest && more.length === 0 ? files.get(name) : undefined;
  if (file === undefined) throw new MagFlockError('MF104', `Nothing is served at "${path.slice(0, 200)}".`);
  exchange.security = pageSecurityHeaders;
  return fileAnswer(file, acceptsGzip(headers['accept-encoding']));
}

function fileAnswer(file: PageFile, zipped: boolean): GatewayAnswer | Promise<GatewayAnswer> {
  const headers = {
    'Content-Type': file.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
  };
  if (!zipped) return { status: 200, headers, body: file.bytes };
  let bytes = compressed.get(file);
  if (bytes === undefined) {
    bytes = compress(file.bytes);
    compressed.set(file, bytes);
  }
  const added = { ...headers, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' };
  return bytes.then((body) => ({ status: 200, headers: added, body }));
}
