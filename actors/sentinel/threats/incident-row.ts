import type { Explanation, Incident, Threat } from '../../../runtime/protocol/sentinel.protocol.ts';

/** Columns of a threat, for `threatOfRow`: incidents as `i`, feedback as `f`. */
export const threatColumns = `i.id::text, i.project, i.agent, i.signature, i.score, i.band, i.action, i.enforced,
  i.address, i.key_id, i.counts, i.surface, i.place, i.method, i.path, i.digest, i.excerpt, i.request_id,
  i.explanation::text, i.features, i.suppressed, extract(epoch from i.at)::float8 * 1000 as at_ms,
  f.verdict, f.note, extract(epoch from f.at)::float8 * 1000 as said_ms`;

/**
 * Incidents as the JSON text that the database takes apart. PostgreSQL has no NUL and no lone surrogates in texts: one
 * of them in a request must not keep a batch out.
 */
export function incidentsJson(incidents: readonly Incident[]): string {
  return JSON.stringify(incidents, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '·') : value,
  );
}

/** A row of `threatColumns` as it was reported, with what people said. */
export function threatOfRow(row: Readonly<Record<string, unknown>>): Threat {
  const text = (column: string): string => String(row[column]);
  const suppressed = Number(row['suppressed']);
  return {
    id: text('id'),
    project: text('project'),
    at: time(row['at_ms']),
    agent: text('agent'),
    signature: text('signature'),
    score: Number(row['score']),
    band: text('band') as Incident['band'],
    action: text('action') as Incident['action'],
    enforced: row['enforced'] === true,
    address: text('address'),
    keyId: row['key_id'] === null ? null : text('key_id'),
    counts: row['counts'] === true,
    surface: text('surface') as Incident['surface'],
    where: text('place'),
    method: text('method'),
    path: text('path'),
    digest: text('digest'),
    excerpt: text('excerpt'),
    requestId: text('request_id'),
    explanation: JSON.parse(text('explanation')) as Explanation,
    features: row['features'] === null ? null : text('features'),
    ...(suppressed === 0 ? {} : { suppressed }),
    feedback:
      row['verdict'] === null
        ? null
        : {
            verdict: text('verdict') as NonNullable<Threat['feedback']>['verdict'],
            at: time(row['said_ms']),
            note: row['note'] === null ? null : text('note'),
          },
  };
}

function time(milliseconds: unknown): string {
  return new Date(Math.round(Number(milliseconds))).toISOString();
}
