import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { networkRefusal } from './network-refusal.ts';

/** Addresses of a name. */
export type Resolver = (
  host: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

const connectMs = 10_000;

/**
 * Connects to checked addresses only. The name is resolved here, once, and the socket gets the addresses that were
 * checked: there is no second look-up whose answer could differ (DNS rebinding). One forbidden address among
 * several refuses the name. What the socket is connected to is looked at once more.
 * @param mayConnect see `addressGuard`
 */
export function guardedConnector(
  resolve: Resolver,
  mayConnect: (address: string) => boolean,
): buildConnector.connector {
  const lookup: LookupFunction = (host, options, answer) => {
    resolve(host).then(
      (found) => {
        if (found.length === 0 || !found.every(({ address }) => mayConnect(address))) {
          return answer(refused(host), '', 0);
        }
        const wanted = options.family === 4 || options.family === 6 ? options.family : undefined;
        const usable = found.filter(({ family }) => wanted === undefined || family === wanted);
        if (options.all === true) return answer(null, [...usable]);
        const first = usable[0];
        return first === undefined ? answer(refused(host), '', 0) : answer(null, first.address, first.family);
      },
      (error: Error) => answer(error, '', 0),
    );
  };
  // Said aloud, since an environment variable can change the default.
  const connect = buildConnector({ lookup, timeout: connectMs, allowH2: false, rejectUnauthorized: true });
  return (options, done) => {
    // Node does not look up what is an address already.
    const literal = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !mayConnect(literal)) return done(refused(options.hostname), null);
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error !== null) return done(error, null);
      if (socket.remoteAddress === undefined || !mayConnect(socket.remoteAddress)) {
        socket.destroy();
        return done(refused(options.hostname), null);
      }
      done(null, socket);
    });
  };
}

function refused(host: string): Error {
  return networkRefusal('address', `${host.slice(0, 255)} has no address that extensions may reach.`, host);
}
