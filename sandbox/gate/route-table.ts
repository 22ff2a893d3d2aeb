import type { ActiveRoute, ExtensionsTable } from '../../runtime/protocol/extensions.protocol.ts';

export interface FoundRoute {
  readonly route: ActiveRoute;
  readonly params: Readonly<Record<string, string>>;
  /** Path below the prefix of the extension. */
  readonly path: string;
}

/** Routes of an extension are below this and its name. */
const base = '/ext';

/** What a path leads to: a route, methods of routes that have this path, or nothing. */
export type RouteMatch = FoundRoute | { readonly allow: readonly string[] } | undefined;

/** A route with its path taken apart. */
interface Known {
  readonly route: ActiveRoute;
  readonly wanted: readonly string[];
}

/** Routes of extensions. Few per extension, so a walk over those of one prefix is the whole search. */
export class RouteTable {
  #byPrefix = new Map<string, readonly Known[]>();
  /** Prefixes that operators granted (`http.mount`), longest first; the others are below `/ext`. */
  #mounts: readonly string[] = [];

  set(table: ExtensionsTable): void {
    const byPrefix = new Map<string, Known[]>();
    const mounts = new Set<string>();
    for (const [project, { routes }] of Object.entries(table.projects)) {
      for (const route of routes) {
        const at = `${project} ${route.prefix}`;
        const there = byPrefix.get(at) ?? [];
        there.push({ route, wanted: segments(route.path) });
        byPrefix.set(at, there);
        if (route.prefix.startsWith('/')) mounts.add(route.prefix);
      }
    }
    this.#byPrefix = byPrefix;
    this.#mounts = [...mounts].sort((one, other) => other.length - one.length);
  }

  /** The granted prefix a path is below, or undefined. */
  mounted(path: string): string | undefined {
    return this.#mounts.find((prefix) => path === prefix || path.startsWith(`${prefix}/`));
  }

  /**
   * @param path whole, percent-encoded: a granted prefix `/hello` must not lead to what is below `/ext/hello`, nor the
   *   other way round
   */
  find(project: string, method: string, path: string): RouteMatch {
    const named = path.startsWith(`${base}/`);
    const slash = path.indexOf('/', base.length + 1);
    const own = named
      ? path.slice(base.length + 1, slash === -1 ? undefined : slash)
      : (this.mounted(path) ?? '');
    const below = path.slice(own.length + (named ? base.length + 1 : 0)) || '/';
    const known = this.#byPrefix.get(`${project} ${own}`);
    if (known === undefined) return undefined;
    const given = segments(below);
    const allow = new Set<string>();
    for (const { route, wanted } of known) {
      const params = paramsOf(wanted, given);
      if (params === undefined) continue;
      if (route.method === method) return { route, params, path: below };
      allow.add(route.method);
    }
    return allow.size === 0 ? undefined : { allow: [...allow] };
  }
}

/** Values of `:parameters` and `*`; undefined when the path is another one or has broken escapes. */
function paramsOf(wanted: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const rest = wanted.at(-1) === '*';
  if (rest ? given.length < wanted.length - 1 : given.length !== wanted.length) return undefined;
  const params: Record<string, string> = Object.create(null);
  for (const [index, segment] of wanted.entries()) {
    const value = segment === '*' ? given.slice(index).join('/') : (given[index] as string);
    if (segment === '*' || segment.startsWith(':')) {
      const decoded = decode(value);
      if (decoded === undefined || decoded === '') return undefined;
      params[segment === '*' ? '*' : segment.slice(1)] = decoded;
    } else if (segment !== value) return undefined;
  }
  return params;
}

function segments(path: string): readonly string[] {
  const trimmed = path.replace(/^\/|\/$/g, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
