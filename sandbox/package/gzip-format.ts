import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { packageLimits } from './package-limits.ts';
import { packageRefused } from './package-refused.ts';

/** One member, no name, no comment, no time, unknown system (RFC 1952). */
const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const tail = 8;
const mebibyte = 1024 * 1024;

/**
 * The gzip around a package. Node's own reader takes further members and garbage behind the first for granted,
 * so the frame is read here and only the deflated part is left to zlib.
 */
export const gzipFormat = {
  write(plain: Uint8Array): Buffer {
    const end = Buffer.alloc(tail);
    end.writeUInt32LE(crc32(plain), 0);
    end.writeUInt32LE(plain.length, 4);
    return Buffer.concat([head, deflateRawSync(plain, { level: 9 }), end]);
  },

  /**
   * @throws MF666; a bomb is noticed while it grows, by its size and by its ratio
   */
  read(packed: Buffer): Buffer {
    if (packed.length > packageLimits.package) {
      throw packageRefused(`it has ${packed.length} bytes; ${packageLimits.package} are allowed`);
    }
    if (packed.length < head.length + tail || !packed.subarray(0, head.length).equals(head)) {
      throw packageRefused('it does not begin as a .magx does');
    }
    const deflated = packed.subarray(head.length);
    const max = Math.min(packageLimits.unpacked, mebibyte + packageLimits.ratio * packed.length);
    const { plain, used } = inflate(deflated, max);
    const end = deflated.subarray(used);
    if (end.length < tail) throw packageRefused('it ends in the middle');
    if (end.length > tail) throw packageRefused('there are bytes behind its end');
    if (end.readUInt32LE(0) !== crc32(plain) || end.readUInt32LE(4) !== plain.length) {
      throw packageRefused('its checksum is wrong');
    }
    return plain;
  },
} as const;

function inflate(deflated: Buffer, max: number): { readonly plain: Buffer; readonly used: number } {
  try {
    // `info` gives the engine too, which knows how much of the input it took; the types do not know of it.
    const { buffer, engine } = inflateRawSync(deflated, { maxOutputLength: max, info: true }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return { plain: buffer, used: engine.bytesWritten };
  } catch (cause) {
    throw packageRefused(
      (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
        ? `it grows beyond ${max} bytes when it is unpacked`
        : 'it cannot be unpacked',
      cause,
    );
  }
}
