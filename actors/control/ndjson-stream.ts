import { PassThrough } from 'node:stream';

/** Bytes a reader may be behind before lines are dropped and counted. */
const behindLimit = 1024 * 1024;

export interface NdjsonStream {
  readonly stream: PassThrough;
  /** Adds an object as a line. A reader that is too far behind loses lines and is told how many. */
  push(line: object): void;
  end(): void;
}

/** A stream of JSON lines that never makes its writer wait nor grows without bound. */
export function ndjsonStream(): NdjsonStream {
  const stream = new PassThrough({ highWaterMark: behindLimit });
  let dropped = 0;
  return {
    stream,
    push(line) {
      if (stream.writableEnded || stream.destroyed) return;
      if (stream.writableLength + stream.readableLength > behindLimit) {
        dropped++;
        return;
      }
      if (dropped > 0) stream.write(`${JSON.stringify({ dropped })}\n`);
      dropped = 0;
      stream.write(`${JSON.stringify(line)}\n`);
    },
    end() {
      if (!stream.writableEnded) stream.end();
    },
  };
}
