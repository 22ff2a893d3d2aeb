export interface MatchedRoute {
  /** `GET /hello/:who`. */
  readonly key: string;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Finds the route of a request. Where several match, the one with the longer fixed beginning is taken:
 * `/hello/world` before `/hello/:who` before `/hello/*`.
 * @param keys `METHOD /path`, with `:name` for one segment and a last `*` for the rest
 * @param path percent-encoded
 */
export function matchRoute(keys: readonly string[], method: string, path: string): MatchedRoute | undefined {
  const segments = segmentsOf(path);
  const found = keys
    .filter((key) => key.startsWith(`${method} `))
    .flatMap((key) => {
      const pattern = segmentsOf(key.slice(method.length + 1));
      const params = paramsOf(pattern, segments);
      return params === undefined ? [] : [{ key, params, rank: pattern.map(rankOf).join('') }];
    })
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return found[0];
}

const segmentsOf = (path: string): string[] => path.replace(/^\/|\/$/g, '').split('/');

const rankOf = (segment: string): string => (segment === '*' ? '2' : segment.startsWith(':') ? '1' : '0');

function paramsOf(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part === '*' && index === pattern.length - 1) {
      params['*'] = segments.slice(index).map(decoded).join('/');
      return params;
    }
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (!part.startsWith(':')) {
      if (decoded(segment) !== part) return undefined;
    } else if (segment === '') return undefined;
    else params[part.slice(1)] = decoded(segment);
  }
  return pattern.length === segments.length ? params : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A lone percent sign: taken as it is.
    return segment;
  }
}
