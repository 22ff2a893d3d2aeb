import type { IncomingMessage } from 'node:http';
import type { TObject } from 'typebox';
import { Value } from 'typebox/value';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

/** Largest body of the control socket, in bytes: a long SQL text fits, an import goes by file name. */
const bodyLimit = 64 * 1024 * 1024;

/** Reads and checks what comes over the control socket. Nothing unchecked reaches a part. */
export const readInput = {
  /** The query by its schema; numbers are read from their text. */
  query(schema: TObject | undefined, search: URLSearchParams): unknown {
    const raw: Record<string, string> = {};
    for (const [name, value] of search) {
      if (Object.hasOwn(raw, name))
        throw malformed(`query parameter "${name}" is given twice`, 'give it once');
      raw[name] = value;
    }
    if (schema === undefined) {
      const [name] = Object.keys(raw);
      if (name === undefined) return {};
      throw malformed(`query parameter "${name}" is not known here`, 'this address takes none');
    }
    return checked(schema, Value.Convert(schema, raw), 'query');
  },

  /**
   * The JSON body by its schema.
   * @throws MagFlockError MF115 another media type, MF113 too large, MF103 not UTF-8, MF101 not JSON, MF100 not
   * as the schema says
   */
  async body(schema: TObject | undefined, request: IncomingMessage): Promise<unknown> {
    if (schema === undefined) {
      request.resume();
      return {};
    }
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/json') {
      throw new MagFlockError('MF115', `the body is ${type ?? 'of no stated type'}, not JSON`, {
        fix: 'send content-type: application/json',
      });
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bodyLimit)
        throw new MagFlockError('MF113', `the body is larger than ${bodyLimit} bytes`, {
          fix: 'use import for files',
        });
      chunks.push(chunk);
    }
    return checked(schema, parse(decode(Buffer.concat(chunks))), 'body');
  },
} as const;

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MagFlockError('MF103', 'the body is not valid UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new MagFlockError('MF101', thrown instanceof Error ? thrown.message : 'the body is not JSON');
  }
}

function checked(schema: TObject, value: unknown, part: string): unknown {
  if (Value.Check(schema, value)) return value;
  const extra = unknownNames(schema, value);
  if (extra.length > 0) {
    const known = Object.keys(schema.properties).join(', ');
    throw malformed(`${part}: "${extra[0]}" is not known here`, `known are ${known}`);
  }
  const errors = [...Value.Errors(schema, value)];
  const [first] = errors;
  const field = first?.instancePath.replaceAll('/', '.') ?? '';
  const values = errors.flatMap(({ params }) =>
    'allowedValue' in params ? [String(params.allowedValue)] : [],
  );
  const expected =
    values.length > 0 ? `must be one of ${values.join(', ')}` : (first?.message ?? 'is not valid');
  throw malformed(`${part}${field}: ${expected}`, 'correct that field');
}

function unknownNames(schema: TObject, value: unknown): readonly string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.keys(value).filter((name) => !Object.hasOwn(schema.properties, name));
}

function malformed(message: string, fix: string): MagFlockError {
  return new MagFlockError('MF100', message, { fix });
}
