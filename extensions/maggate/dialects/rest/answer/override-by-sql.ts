import type { PlanResult } from '../../../../sdk/index.ts';
import { isHeader } from '../errors/is-header.ts';
import { RestError } from '../rest-error.ts';
import type { AnswerHeaders } from './answer-headers.ts';

/**
 * Lets SQL say status and headers through the settings `response.status` and `response.headers`. A header of SQL
 * replaces the one of the same name. A path that SQL gives as Location is one of the API, whose root it takes for `/`.
 * @throws RestError PGRST111, PGRST112 for what is no header or no status
 */
export function overrideBySql(
  status: number,
  headers: Readonly<AnswerHeaders>,
  result: PlanResult,
  mount: string,
): { readonly status: number; readonly headers: AnswerHeaders } {
  const own = readHeaders(result.columns?.['response_headers'] ?? null);
  const given = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of own) {
    const lower = name.toLowerCase();
    const sent = lower === 'location' ? belowMount(mount, value) : value;
    const before = given.get(lower);
    if (before === undefined) given.set(lower, { name, values: [sent] });
    else before.values.push(sent);
  }
  const kept = Object.entries(headers).filter(([name]) => !given.has(name.toLowerCase()));
  const added = [...given.values()].map(
    ({ name, values }) => [name, values.length === 1 ? (values[0] as string) : values] as const,
  );
  return {
    status: readStatus(result.columns?.['response_status'] ?? null) ?? status,
    headers: Object.fromEntries([...kept, ...added]),
  };
}

function belowMount(mount: string, location: string): string {
  return location.startsWith('/') && !location.startsWith(`${mount}/`) ? mount + location : location;
}

function readHeaders(text: string | null): readonly (readonly [string, string])[] {
  if (text === null || text === '') return [];
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw headersError();
  }
  if (!Array.isArray(list)) throw headersError();
  return list.map((one: unknown) => {
    const entries = typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.entries(one) : [];
    const [entry] = entries;
    if (entries.length !== 1 || entry === undefined || !isHeader(entry)) throw headersError();
    return entry;
  });
}

function headersError(): RestError {
  return new RestError(
    500,
    'PGRST111',
    'response.headers guc must be a JSON array composed of objects with a single key and a string value',
  );
}

/** Statuses below 200 are no final answers (RFC 9110 §15.2), and those from 600 on no statuses. */
function readStatus(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  const status = Number(/^[0-9]+/.exec(text)?.[0] ?? Number.NaN);
  if (!(status >= 200 && status <= 599)) {
    throw new RestError(500, 'PGRST112', 'response.status guc must be a valid status code');
  }
  return status;
}
