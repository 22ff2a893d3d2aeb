import { parseArrayText } from './parse-array-text.ts';

/** OIDs of pg_type.dat, fixed for all versions. */
const integers = new Set([20, 21, 23, 26, 28, 29]); // int8 int2 int4 oid xid cid
const decimals = new Set([700, 701, 1700]); // float4 float8 numeric
const json = new Set([114, 3802]);
/** Array type → its element type, for the types above and those whose text differs from JSON's. */
const elements = new Map<number, number>([
  ...([
    [1016, 20],
    [1005, 21],
    [1007, 23],
    [1028, 26],
    [1021, 700],
    [1022, 701],
    [1231, 1700],
  ] as const),
  ...([
    [1000, 16],
    [199, 114],
    [3807, 3802],
    [1115, 1114],
    [1185, 1184],
    [1182, 1082],
    [1183, 1083],
  ] as const),
  ...([
    [1009, 25],
    [1015, 1043],
    [1014, 1042],
    [2951, 2950],
    [1002, 18],
    [1003, 19],
    [1001, 17],
  ] as const),
]);

/**
 * A value as PostgreSQL's own JSON prints it, made from its text. A number that JavaScript cannot hold to the
 * last digit stays text, so that nothing is lost on the way to the user.
 * @param oid type of the column
 * @param text as the server sent it; null for NULL
 */
export function jsonValue(oid: number, text: string | null): unknown {
  if (text === null) return null;
  if (oid === 16) return text === 't';
  if (integers.has(oid) || decimals.has(oid)) return exactNumber(text);
  if (json.has(oid)) return JSON.parse(text, reviveExactly);
  if (oid === 1114) return text.replace(' ', 'T');
  if (oid === 1184) return isoTimestamp(text);
  const element = elements.get(oid);
  return element === undefined ? text : parseArrayText(text, (item) => jsonValue(element, item));
}

/** The number, when it is written back with the same value; otherwise the text. */
function exactNumber(text: string): number | string {
  const value = Number(text);
  if (!Number.isFinite(value)) return text; // NaN, Infinity: JSON has none, PostgreSQL prints them as text
  return normal(String(value)) === normal(text) ? value : text;
}

/** `008.90` and `8.9` are one value; what is written with an exponent is compared as it is. */
function normal(text: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = text.slice(sign.length).split('.');
  const digits = fraction.replace(/0+$/, '');
  const number = `${whole.replace(/^0+(?=\d)/, '')}${digits === '' ? '' : `.${digits}`}`;
  return number === '0' ? '0' : sign + number;
}

/** Keeps numbers inside JSON documents exact too (JSON.parse gives the source text of each value). */
function reviveExactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? exactNumber(context.source) : value;
}

/** `2024-01-02 03:04:05.6+00` → `2024-01-02T03:04:05.6+00:00`. */
function isoTimestamp(text: string): string {
  return text.replace(' ', 'T').replace(/(?<hours>[+-]\d\d)$/, '$<hours>:00');
}
