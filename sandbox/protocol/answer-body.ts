import { Buffer } from 'node:buffer';

const head = 1 + 4;

export interface AnswerBody {
  readonly ok: boolean;
  /** Processor time of the call, as far as it can be told apart from others that ran at the same time. */
  readonly cpuMicros: number;
  /** JSON text: the value, or an `ErrorEnvelope`. */
  readonly payload: string;
}

/** Body of an `answer` frame: `u8 ok | u32 cpuMicros | payload`, little endian. */
export const answerBody = {
  encode({ ok, cpuMicros, payload }: AnswerBody): Buffer {
    const body = Buffer.allocUnsafe(head + Buffer.byteLength(payload));
    body.writeUInt8(ok ? 1 : 0, 0);
    body.writeUInt32LE(Math.min(Math.max(0, Math.round(cpuMicros)), 0xffff_ffff), 1);
    body.write(payload, head, 'utf8');
    return body;
  },
  /** Throws RangeError when it is none. */
  decode(body: Buffer): AnswerBody {
    if (body.length < head || body.readUInt8(0) > 1) throw new RangeError('an answer without a head');
    return {
      ok: body.readUInt8(0) === 1,
      cpuMicros: body.readUInt32LE(1),
      payload: body.toString('utf8', head),
    };
  },
};
