import { Socket } from 'node:net';

const longestMs = 1000;

/**
 * A socket of the same machine that reads what was sent to it before it gives up over a failed write. When the
 * server is killed a write fails first (EPIPE), and Node then drops the answers that lie in the kernel: among them
 * the transaction ids that tell which writes can have been committed.
 */
export class DrainingSocket extends Socket {
  #failure: Error | undefined;
  #drained = false;

  /** Whether everything the other side had sent was read after a write had failed. */
  get drained(): boolean {
    return this.#drained;
  }

  override destroy(error?: Error): this {
    const failed = error as NodeJS.ErrnoException | undefined;
    if (failed?.syscall !== 'write') {
      // The reads came to their end with an error of their own, which takes its turn behind the data.
      if (this.#failure !== undefined && failed?.syscall === 'read') this.#drained = true;
      return super.destroy(this.#failure ?? error);
    }
    if (this.#failure !== undefined) return this; // whatever is written next fails as well
    this.#failure = failed;
    const timer = setTimeout(() => super.destroy(failed), longestMs);
    this.once('close', () => clearTimeout(timer));
    return this;
  }

  /** A stream with a failed write keeps nothing that is read; so it is handed on past the stream. */
  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    if (this.#failure === undefined) return super.push(chunk, encoding);
    if (chunk === null) {
      this.#drained = true;
      super.destroy(this.#failure);
    } else {
      this.emit('data', chunk);
    }
    return true;
  }
}
