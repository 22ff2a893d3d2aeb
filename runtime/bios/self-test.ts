import { request } from 'node:http';
import { MagFlockError } from '../errors/magflock-error.ts';

/** Milliseconds the first request may take; it opens connections and plans for the first time. */
const patience = 10_000;

/**
 * One real request from outside, the way every request comes: socket, inspection, key, plan, answer. Ready means
 * that this has worked.
 * @param url base address of the public listener
 * @param key a secret key
 * @returns the number of endpoints `GET /api` lists
 * @throws MagFlockError MF700 with what came instead
 */
export async function selfTest(url: string, key: string): Promise<{ readonly endpoints: number }> {
  const { status, body } = await get(`${url}/api`, key).catch((thrown) => {
    throw new MagFlockError('MF700', `self test: GET ${url}/api got no answer`, {
      fix: 'the log says why: logs/magflock.ndjson in the data folder',
      cause: thrown,
    });
  });
  if (status !== 200) {
    throw new MagFlockError('MF700', `self test: GET ${url}/api answered ${status}: ${body.slice(0, 300)}`, {
      fix: 'the log says why: logs/magflock.ndjson in the data folder',
    });
  }
  const { data } = JSON.parse(body) as { data: readonly unknown[] };
  return { endpoints: data.length };
}

function get(url: string, key: string): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const call = request(
    url,
    { headers: { 'x-api-key': key, 'user-agent': 'magflock-self-test' }, agent: false, timeout: patience },
    (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    },
  );
  call.on('timeout', () => call.destroy(new Error(`no answer within ${patience} ms`)));
  call.on('error', reject);
  call.end();
  return promise;
}
