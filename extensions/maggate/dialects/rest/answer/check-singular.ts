import { notSingular } from '../errors/not-singular.ts';
import type { MediaType } from '../media-type.ts';

/** @throws RestError PGRST116 when one object was asked for and there is none, or more than one */
export function checkSingular(media: MediaType, rows: number): void {
  if (media.kind === 'singular' && rows !== 1) throw notSingular(rows);
}
