import type { MediaType } from '../../dialects/rest/media-type.ts';

type PlanMedia = Extract<MediaType, { kind: 'plan' }>;

const options: Readonly<Record<PlanMedia['options'][number], string>> = {
  analyze: 'ANALYZE',
  verbose: 'VERBOSE',
  settings: 'SETTINGS',
  buffers: 'BUFFERS',
  wal: 'WAL',
};

/** The EXPLAIN of a statement, as the media type of the answer asks for it. */
export function explainSql(media: PlanMedia, text: string): string {
  const format = media.format === 'json' ? 'FORMAT JSON' : 'FORMAT TEXT';
  return `EXPLAIN (${[format, ...media.options.map((option) => options[option])].join(', ')}) ${text}`;
}
