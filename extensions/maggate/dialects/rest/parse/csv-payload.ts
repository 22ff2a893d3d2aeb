import { invalidBody } from '../errors/invalid-body.ts';
import type { Payload } from '../rest-request.ts';
import { parseCsv } from './parse-csv.ts';

/**
 * CSV as a JSON list of objects; `NULL` is null, everything else text. Fields beyond the header are left out.
 * @throws RestError PGRST102
 */
export function csvPayload(text: string): Extract<Payload, { kind: 'json' }> {
  const { header, rows } = parseCsv(text);
  const width = Math.min(header.length, rows[0]?.length ?? 0);
  if (rows.some((row) => Math.min(header.length, row.length) !== width)) {
    throw invalidBody('All lines must have same number of fields');
  }
  const names = header.slice(0, width);
  // Of a repeated name the last field holds, as in an object.
  const keys = new Set(names);
  const places = [...keys].map((name) => ({
    label: `${JSON.stringify(name)}:`,
    place: names.lastIndexOf(name),
  }));
  const objects = rows.map(
    (row) => `{${places.map(({ label, place }) => label + fieldJson(row[place] as string)).join(',')}}`,
  );
  return { kind: 'json', text: `[${objects.join(',')}]`, keys, many: true, empty: rows.length === 0 };
}

function fieldJson(field: string): string {
  return field === 'NULL' ? 'null' : JSON.stringify(field);
}
