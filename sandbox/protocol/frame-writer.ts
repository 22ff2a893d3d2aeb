import { Buffer } from 'node:buffer';
import type { FrameKind } from './frame-kind.ts';
import { frameLimits } from './frame-limits.ts';

/** Cheaper than `queueMicrotask`, which makes an asynchronous resource each time. */
const soon = Promise.resolve();

/** Bytes from which a frame is long. */
const long = 64 * 1024;

/**
 * Puts frames on a stream. Those of one turn of the event loop go out in one write, since a write costs more than a
 * frame. Long ones go out one after the other where `writeLong` is given, slot by slot: short ones of others do not
 * wait behind many of them. Frames of one slot never overtake each other.
 */
export class FrameWriter {
  readonly #write: (bytes: Buffer) => void;
  readonly #crowded: () => boolean;
  readonly #flush = (): void => this.flush();
  readonly #writeLong: ((bytes: Buffer, done: () => void) => void) | undefined;
  /** Frames that wait, by slot, for a long one that is on its way. */
  readonly #held = new Map<number, Buffer[]>();
  #isLongUnderWay = false;
  #parts: Buffer[] = [];
  #scheduled = false;

  /**
   * @param write takes the bytes of one or more whole frames
   * @param crowded true when others are on their way too: then frames wait until everything that has come to this
   *   thread meanwhile is done with, instead of until the end of what it does now
   * @param writeLong takes one long frame and tells when the other side has room for more
   */
  constructor(
    write: (bytes: Buffer) => void,
    crowded: () => boolean = () => false,
    writeLong?: (bytes: Buffer, done: () => void) => void,
  ) {
    this.#write = write;
    this.#crowded = crowded;
    this.#writeLong = writeLong;
  }

  /**
   * @param id 24 hexadecimal digits
   * @param body one piece, or text to be encoded as UTF-8
   * @throws RangeError when the frame is longer than `frameLimits.frame`
   */
  send(kind: FrameKind, slot: number, id: string, body: Buffer | string = ''): void {
    const length = frameLimits.head + (typeof body === 'string' ? Buffer.byteLength(body) : body.length);
    if (length > frameLimits.frame) throw new RangeError(`a frame of ${length} bytes`);
    const frame = Buffer.allocUnsafe(frameLimits.prefix + length);
    frame.writeUInt32LE(length, 0);
    frame.writeUInt8(kind, 4);
    frame.writeUInt32LE(slot, 5);
    frame.write(id, 9, 12, 'hex');
    if (typeof body === 'string') frame.write(body, 21, 'utf8');
    else body.copy(frame, 21);
    if (this.#writeLong !== undefined) {
      const held = this.#held.get(slot);
      if (held !== undefined) {
        held.push(frame);
        return;
      }
      if (length > long) {
        this.#held.set(slot, [frame]);
        if (!this.#isLongUnderWay) this.#letOut();
        return;
      }
    }
    this.#put(frame);
  }

  #put(frame: Buffer): void {
    this.#parts.push(frame);
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#crowded()) setImmediate(this.#flush);
    else void soon.then(this.#flush);
  }

  /** What waits for one slot, up to its first long frame; then it is the turn of the next slot. */
  #letOut(): void {
    this.#isLongUnderWay = false;
    for (const [slot, frames] of this.#held) {
      this.#held.delete(slot);
      for (let frame = frames.shift(); frame !== undefined; frame = frames.shift()) {
        if (frame.length <= long) {
          this.#put(frame);
          continue;
        }
        this.flush();
        // Behind the other slots; also without a frame, since what comes next must not overtake this one.
        this.#held.set(slot, frames);
        this.#isLongUnderWay = true;
        this.#writeLong?.(frame, () => this.#letOut());
        return;
      }
    }
  }

  /** Writes what was sent in this turn. */
  flush(): void {
    this.#scheduled = false;
    const parts = this.#parts;
    if (parts.length === 0) return;
    this.#parts = [];
    this.#write(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts));
  }
}
