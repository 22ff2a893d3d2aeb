import { mediaTypeName } from '../answer/media-type-name.ts';
import type { MediaType } from '../media-type.ts';

const kinds = ['any', 'json', 'geojson', 'csv', 'openapi', 'form', 'octet-stream', 'text', 'xml'] as const;
const known: ReadonlyMap<string, MediaType> = new Map(
  kinds.map((kind) => [mediaTypeName({ kind }), { kind }]),
);

/** The media type that a handler says it makes. */
export function handledMediaType(name: string): MediaType {
  return known.get(name.toLowerCase()) ?? { kind: 'other', name };
}
