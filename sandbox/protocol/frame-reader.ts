import { Buffer } from 'node:buffer';
import type { Frame } from './frame.ts';
import { type FrameKind, frameKind } from './frame-kind.ts';
import { frameLimits } from './frame-limits.ts';

const kinds: ReadonlySet<number> = new Set(Object.values(frameKind));

/** Cuts a stream of bytes into frames and refuses everything that is none. */
export class FrameReader {
  readonly #side: 'daemon' | 'cage';
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Bytes that must be here before the next frame can be cut: pieces of a long one are joined once, not each time. */
  #needed: number = frameLimits.prefix;

  /** @param side who reads: the daemon takes only frames that come out of a cage, the cage only those that go in */
  constructor(side: 'daemon' | 'cage') {
    this.#side = side;
  }

  /**
   * The frames that are complete with this chunk. Bodies are views into the chunk: use them before the next one, or
   * copy. The chunk may be used for the next one.
   * @throws RangeError for a wrong length, kind or slot; nothing that follows on the stream means anything then
   */
  read(chunk: Buffer): readonly Frame[] {
    this.#bytes += chunk.length;
    const frames: Frame[] = [];
    if (this.#bytes < this.#needed) {
      this.#pieces.push(Buffer.from(chunk));
      return frames;
    }
    const all = this.#pieces.length === 0 ? chunk : Buffer.concat([...this.#pieces, chunk], this.#bytes);
    let at = 0;
    this.#needed = frameLimits.prefix;
    while (all.length - at >= frameLimits.prefix) {
      const length = all.readUInt32LE(at);
      if (length < frameLimits.head || length > frameLimits.frame) {
        throw new RangeError(`a frame of ${length} bytes`);
      }
      if (all.length - at < frameLimits.prefix + length) {
        this.#needed = frameLimits.prefix + length;
        break;
      }
      frames.push(this.#frame(all, at + frameLimits.prefix, length));
      at += frameLimits.prefix + length;
    }
    this.#pieces = at === all.length ? [] : [Buffer.from(all.subarray(at))];
    this.#bytes = all.length - at;
    return frames;
  }

  #frame(bytes: Buffer, at: number, length: number): Frame {
    const kind = bytes.readUInt8(at);
    const comesOut = kind >= 64;
    if (!kinds.has(kind) || comesOut !== (this.#side === 'daemon'))
      throw new RangeError(`a frame of kind ${kind}`);
    const slot = bytes.readUInt32LE(at + 1);
    if (slot > frameLimits.slots) throw new RangeError(`a frame for slot ${slot}`);
    return {
      kind: kind as FrameKind,
      slot,
      id: bytes.toString('hex', at + 5, at + 17),
      body: bytes.subarray(at + frameLimits.head, at + length),
    };
  }
}
