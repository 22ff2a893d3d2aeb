import { Buffer } from 'node:buffer';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import { networkRefusal } from './network-refusal.ts';

/** Of one answer, on the wire and unpacked alike. */
const mostBytes = 4 * 1024 * 1024;

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Reads a body, counting before and after unpacking while it comes, so that neither a long answer nor a small one
 * that unpacks to gigabytes is ever held.
 * @param encoding `Content-Encoding` of the answer
 * @param spend takes the bytes of the wire from the quota
 * @throws MF672 over 4 MiB or with an encoding nobody asked for
 */
export async function readResponse(
  body: Readable,
  encoding: string | undefined,
  spend: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? '';
  const packed = name !== '' && name !== 'identity';
  if (packed && !Object.hasOwn(decoders, name)) {
    body.once('error', () => {}).destroy();
    throw networkRefusal('encoding', 'The answer is packed in a way that was not asked for.');
  }
  const chunks: Buffer[] = [];
  const onWire = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of source) {
      spend(chunk.length);
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooLong();
      yield chunk;
    }
  };
  const unpacked = async (source: AsyncIterable<Buffer>): Promise<void> => {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooLong();
      chunks.push(chunk);
    }
  };
  const decoder = decoders[name];
  try {
    if (packed && decoder !== undefined) await pipeline(body, onWire, decoder(), unpacked, { signal });
    else await pipeline(body, onWire, unpacked, { signal });
  } catch (error) {
    if (!MagFlockError.is(error) && isOfZlib(error)) {
      throw networkRefusal('encoding', 'The answer cannot be unpacked.');
    }
    throw error;
  }
  return Buffer.concat(chunks);
}

function tooLong(): MagFlockError {
  return networkRefusal('response', `The answer has more than ${mostBytes} bytes.`);
}

function isOfZlib(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (
    code.startsWith('Z_') ||
    (code.startsWith('ERR_') && code.includes('BROTLI')) ||
    code.startsWith('ERR__ERROR')
  );
}
