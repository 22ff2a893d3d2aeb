import { mediaTypeName } from '../answer/media-type-name.ts';
import type { MediaType } from '../media-type.ts';
import { RestError } from '../rest-error.ts';

/** PGRST107: none of the types of `Accept` can be made. */
export function mediaTypesUnavailable(accept: readonly MediaType[]): RestError {
  const names = accept.map(mediaTypeName).join(', ');
  return new RestError(406, 'PGRST107', `None of these media types are available: ${names}`);
}
