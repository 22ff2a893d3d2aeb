import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Errors } from 'typebox/value';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { GuestEntry } from '../protocol/guest-entry.ts';
import { cleanLine } from './clean-line.ts';

const strict = { additionalProperties: false } as const;
/** Characters of a header's value that cannot end it (RFC 9110 §5.5). */
const headers = (name: string) =>
  Type.Record(
    Type.String({ pattern: name }),
    Type.String({ maxLength: 8_192, pattern: '^[\\t\\x20-\\x7e\\x80-\\xff]*$' }),
    {
      maxProperties: 64,
      additionalProperties: false,
    },
  );
const operation = Type.Union(
  ['list', 'read', 'create', 'update', 'replace', 'delete'].map((name) => Type.Literal(name)),
);

/** What each entry may answer; the others answer nothing that anybody reads. */
const schemas = {
  request: Type.Object(
    {
      status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })),
      headers: Type.Optional(headers("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$")),
      body: Type.Optional(Type.Unknown()),
    },
    strict,
  ),
  before: Type.Object(
    {
      refuse: Type.Optional(
        Type.Object(
          {
            status: Type.Integer({ minimum: 400, maximum: 499 }),
            message: Type.String({ maxLength: 1_000 }),
          },
          strict,
        ),
      ),
      operation: Type.Optional(operation),
      body: Type.Optional(Type.Unknown()),
      query: Type.Optional(Type.String({ maxLength: 16_384 })),
      filter: Type.Optional(Type.String({ maxLength: 16_384 })),
    },
    strict,
  ),
  after: Type.Object(
    {
      body: Type.Optional(Type.Unknown()),
      headers: Type.Optional(headers("^[Xx]-[A-Za-z0-9!#$%&'*+.^_`|~-]{1,126}$")),
    },
    strict,
  ),
  health: Type.Object(
    {
      status: Type.Union(['ok', 'degraded', 'failed'].map((name) => Type.Literal(name))),
      summary: Type.Optional(Type.String({ maxLength: 1_000 })),
    },
    { additionalProperties: true },
  ),
};

/** Longest answers in characters of JSON. */
const longest: Partial<Record<GuestEntry, number>> = {
  request: 4 * 1024 * 1024,
  before: 1024 * 1024,
  after: 4 * 1024 * 1024,
  health: 16 * 1024,
  handover: 1024 * 1024,
};

/** Of a handler that returned nothing. */
const empty = { request: '{"status":204}', before: '{}', after: '{}', health: '{"status":"ok"}' } as const;

type Checked = keyof typeof schemas;
const checks = new Map<Checked, (value: unknown) => boolean>();

/**
 * An answer of a guest, before anybody else sees it.
 * @param text hostile
 * @returns JSON text that fits the entry; `null` of entries that answer nothing
 * @throws MF662 when it is too long, no JSON, or not what this entry answers
 */
export function checkAnswer(entry: GuestEntry, text: string): string {
  const limit = longest[entry];
  if (limit === undefined) return 'null';
  if (text.length > limit) throw faulty(entry, `has ${text.length} characters, at most ${limit} are taken`);
  if (entry === 'handover') {
    parsed(entry, text);
    return text;
  }
  const kind = entry as Checked;
  if (text === 'null') return empty[kind];
  if (text === '{}') return text;
  const value = parsed(entry, text);
  if (checkOf(kind)(value)) return text;
  const [first] = Errors(schemas[kind], value);
  const where = cleanLine((first?.instancePath ?? '').slice(0, 100));
  // Said of a member that no rule allows.
  const why = first?.message === 'schema is false' ? 'is not allowed there' : (first?.message ?? '');
  throw faulty(entry, `does not fit: ${where} ${why}`.trim());
}

/** Compiled when the first answer of its kind comes: it takes longer than the start of an extension. */
function checkOf(kind: Checked): (value: unknown) => boolean {
  let check = checks.get(kind);
  if (check === undefined) {
    const validator = Compile(schemas[kind]);
    check = (value) => validator.Check(value);
    checks.set(kind, check);
  }
  return check;
}

function parsed(entry: GuestEntry, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw faulty(entry, 'is no JSON');
  }
}

function faulty(entry: GuestEntry, problem: string): MagFlockError {
  return new MagFlockError('MF662', `The answer of ${entry} ${problem}.`, { details: { entry } });
}
