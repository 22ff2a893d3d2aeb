import type { DataSchema, QualifiedName } from '../../../schema-cache/data-schema.ts';
import { nameKey } from '../../../schema-cache/name-key.ts';
import type { BodyHandler } from '../action-plan.ts';
import { mediaTypeName } from '../answer/media-type-name.ts';
import { mediaTypesUnavailable } from '../errors/media-types-unavailable.ts';
import type { MediaType } from '../media-type.ts';
import { parseMediaType } from '../parse/parse-media-type.ts';
import type { RestRequest } from '../rest-request.ts';

/** How the body is made, and what the answer says it is. */
interface Negotiated {
  readonly handler: BodyHandler;
  readonly media: MediaType;
}

const json: Negotiated = { handler: { kind: 'json' }, media: { kind: 'json' } };

/** What every project can make; its own handlers come first. */
const builtIn: Readonly<Partial<Record<MediaType['kind'], Negotiated>>> = {
  any: json,
  json,
  csv: { handler: { kind: 'csv' }, media: { kind: 'csv' } },
  geojson: { handler: { kind: 'geojson' }, media: { kind: 'geojson' } },
};

/**
 * Chooses the first acceptable media type that can be made (RFC 9110 §12.5.1).
 * @param relation whose handlers may be used
 * @param asItIs the rows are shown as they are; a relation's own handler takes no others
 * @throws PGRST107
 */
export function negotiate(
  schema: DataSchema,
  request: RestRequest,
  relation: QualifiedName,
  asItIs: boolean,
): Negotiated {
  for (const media of request.accept) {
    const found = makerOf(schema, relation, asItIs, media);
    if (found !== undefined) {
      return wantsBody(request) ? found : { handler: { kind: 'none' }, media: found.media };
    }
  }
  throw mediaTypesUnavailable(request.accept);
}

function wantsBody({ action, preferences }: RestRequest): boolean {
  if (action.kind === 'mutate') return preferences.return === 'representation';
  if (action.kind === 'read') return !action.headersOnly;
  return !(action.kind === 'call' && action.method === 'HEAD');
}

function makerOf(
  schema: DataSchema,
  relation: QualifiedName,
  asItIs: boolean,
  media: MediaType,
): Negotiated | undefined {
  switch (media.kind) {
    // These have parameters of their own, so that no handler replaces them.
    case 'singular':
      return { handler: { kind: 'single-json', nullsStripped: media.nullsStripped }, media };
    case 'array-stripped':
      return { handler: { kind: 'array-stripped' }, media };
    case 'plan': {
      if (!schema.settings.dbPlanEnabled || media.for.kind === 'plan') return undefined;
      const explained = makerOf(schema, relation, asItIs, media.for);
      return explained === undefined ? undefined : { handler: explained.handler, media };
    }
    default:
      return (
        ownHandler(schema, relation, asItIs, media) ??
        (Object.hasOwn(builtIn, media.kind) ? builtIn[media.kind] : undefined)
      );
  }
}

function ownHandler(
  { mediaHandlers }: DataSchema,
  relation: QualifiedName,
  asItIs: boolean,
  media: MediaType,
): Negotiated | undefined {
  if (mediaHandlers.size === 0) return undefined;
  const name = mediaTypeName(media);
  const own = nameKey(relation.schema, relation.name);
  const handler =
    (asItIs
      ? (mediaHandlers.get(nameKey(own, '*/*')) ?? mediaHandlers.get(nameKey(own, name)))
      : undefined) ?? mediaHandlers.get(nameKey('\0', name));
  if (handler === undefined) return undefined;
  return { handler: { kind: 'custom', handler }, media: parseMediaType(handler.mediaType) };
}
