import { Buffer } from 'node:buffer';
import { type GuestEntry, guestEntry } from './guest-entry.ts';

const head = 1 + 4 + 8;
const names = new Map<number, GuestEntry>(
  (Object.keys(guestEntry) as GuestEntry[]).map((name) => [guestEntry[name], name]),
);

export interface CallBody {
  readonly entry: GuestEntry;
  /** Milliseconds of processor time this call may take. */
  readonly cpuMs: number;
  /** Absolute, milliseconds since the epoch. */
  readonly deadline: number;
  /** JSON text. */
  readonly payload: string;
}

/** Body of a `call` frame: `u8 entry | u32 cpuMs | f64 deadline | payload`, little endian. */
export const callBody = {
  encode({ entry, cpuMs, deadline, payload }: CallBody): Buffer {
    const body = Buffer.allocUnsafe(head + Buffer.byteLength(payload));
    body.writeUInt8(guestEntry[entry], 0);
    body.writeUInt32LE(cpuMs, 1);
    body.writeDoubleLE(deadline, 5);
    body.write(payload, head, 'utf8');
    return body;
  },
  /** Throws RangeError when it is none. */
  decode(body: Buffer): CallBody {
    const entry = body.length < head ? undefined : names.get(body.readUInt8(0));
    if (entry === undefined) throw new RangeError('a call without an entry');
    const deadline = body.readDoubleLE(5);
    if (!Number.isFinite(deadline)) throw new RangeError('a call without a deadline');
    return { entry, cpuMs: body.readUInt32LE(1), deadline, payload: body.toString('utf8', head) };
  },
};
