import type { Buffer } from 'node:buffer';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { errorCatalog } from '../../runtime/errors/error-catalog.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { isDeeperThan } from '../broker/is-deeper-than.ts';

const count = Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const vitals = Type.Object({ busyMs: count, heapBytes: count, cpuMs: count, calls: count });
const end = Type.Object({
  reason: Type.Union(['memory', 'cpu', 'stuck', 'fault', 'closed'].map((reason) => Type.Literal(reason))),
  detail: Type.String({ maxLength: 4096 }),
});
const guest = Type.Object({
  handlers: Type.Array(Type.String({ pattern: '^on[A-Z][A-Za-z]{0,40}$' }), { maxItems: 64 }),
});
const syscall = Type.Tuple([
  Type.String({ maxLength: 64 }),
  Type.String({ maxLength: 256 }),
  Type.Array(Type.Unknown(), { maxItems: 64 }),
  Type.Union([Type.String({ pattern: '^[0-9a-f]{24}$' }), Type.Null()]),
]);
const envelope = Type.Object({
  code: Type.String({ maxLength: 64 }),
  message: Type.String(),
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
const hello = Type.Object({});

/** Codes of the system that a cage may answer with; of the others only those that blame a user. */
const ofCages: ReadonlySet<string> = new Set(['MF601', 'MF602', 'MF660', 'MF661', 'MF662', 'MF664']);
const messageLength = 2000;
/** Of the facts of an error; the inside keeps far below. Deeper ones could not be written as JSON again. */
const detailsLength = 128 * 1024;
const detailsDepth = 66;

function reader<Schema extends TSchema>(schema: Schema): (body: Buffer, from?: number) => Static<Schema> {
  const check = Compile(schema);
  return (body, from = 0) => {
    let value: unknown;
    try {
      value = JSON.parse(body.toString('utf8', from));
    } catch {
      throw new RangeError('a body that is no JSON');
    }
    if (!check.Check(value)) throw new RangeError('a body of another shape');
    return value as Static<Schema>;
  };
}

/** Reads the bodies of frames that come out of a cage. Each throws RangeError for one that no cage sends. */
export const readBody = {
  hello: reader(hello),
  vitals: reader(vitals),
  end: reader(end),
  guest: reader(guest),
  syscall: reader(syscall),
  /**
   * The error in an answer. A guest chose its text, and perhaps its code: one that would accuse another part of the
   * machine becomes MF662.
   */
  error(text: string): MagFlockError {
    const { code, message, details: told } = readEnvelope(text);
    const details = text.length > detailsLength || isDeeperThan(told, detailsDepth) ? undefined : told;
    const known = Object.hasOwn(errorCatalog, code)
      ? errorCatalog[code as keyof typeof errorCatalog]
      : undefined;
    const allowed = ofCages.has(code) || known?.blame === 'user';
    return new MagFlockError(
      allowed ? (code as keyof typeof errorCatalog) : 'MF662',
      message.slice(0, messageLength),
      { details: allowed ? details : { ...details, code } },
    );
  },
  /** First byte of a `loaded` body. */
  fine(body: Buffer): boolean {
    const first = body[0];
    if (first !== 0 && first !== 1) throw new RangeError('a body without its first byte');
    return first === 1;
  },
};

const readEnvelopeBody = Compile(envelope);
function readEnvelope(text: string): Static<typeof envelope> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError('an error that is no JSON');
  }
  if (!readEnvelopeBody.Check(value)) throw new RangeError('an error of another shape');
  return value as Static<typeof envelope>;
}
