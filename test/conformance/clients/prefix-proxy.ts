import { Agent, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PrefixProxy {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Stands where a suite has its server hard-wired: hands each request on with another path before it and with the
 * project's key, and the answer back as it comes.
 * @param target of the daemon; undefined answers 404 to everything
 */
export async function startPrefixProxy(
  target: { readonly url: string; readonly prefix: string; readonly apikey: string } | undefined,
): Promise<PrefixProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, answer) => {
    if (target === undefined) {
      incoming.resume();
      answer.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}');
      return;
    }
    const { hostname, port } = new URL(target.url);
    const outgoing = httpRequest(
      {
        ...{ hostname, port, agent, method: incoming.method },
        path: `${target.prefix}${(incoming.url ?? '/').replace(/^\/rest\/v1/, '')}`,
        headers: { ...incoming.headers, host: `${hostname}:${port}`, apikey: target.apikey },
      },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
        response.pipe(answer);
      },
    );
    outgoing.on('error', (thrown) => answer.destroy(thrown));
    answer.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
