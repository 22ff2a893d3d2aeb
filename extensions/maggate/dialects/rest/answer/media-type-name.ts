import type { MediaType } from '../media-type.ts';

const names = {
  any: '*/*',
  json: 'application/json',
  geojson: 'application/geo+json',
  csv: 'text/csv',
  openapi: 'application/openapi+json',
  form: 'application/x-www-form-urlencoded',
  'octet-stream': 'application/octet-stream',
  text: 'text/plain',
  xml: 'text/xml',
  'array-stripped': 'application/vnd.pgrst.array+json;nulls=stripped',
} as const;

/** The text of a media type, as it stands in `Content-Type` and in error texts. */
export function mediaTypeName(media: MediaType): string {
  switch (media.kind) {
    case 'singular':
      return `application/vnd.pgrst.object+json${media.nullsStripped ? ';nulls=stripped' : ''}`;
    case 'plan': {
      const options = media.options.length === 0 ? '' : `; options=${media.options.join('|')}`;
      return `application/vnd.pgrst.plan+${media.format}; for="${mediaTypeName(media.for)}"${options}`;
    }
    case 'other':
      return media.name;
    default:
      return names[media.kind];
  }
}
