import type { MediaType } from '../media-type.ts';
import { mediaTypeName } from './media-type-name.ts';

/** `Content-Type` of an answer. Types that the dialect knows nothing of, and bytes, have no charset. */
export function contentType(media: MediaType): string {
  const name = mediaTypeName(media);
  return media.kind === 'octet-stream' || media.kind === 'other' ? name : `${name}; charset=utf-8`;
}
