/** What the address of a request names (architecture.md §9). */
export interface RequestAddress {
  /** ref of the project; `main` for bare paths. */
  readonly project: string;
  /** What stands before `path` in links: `/p/<ref>` or nothing. */
  readonly base: string;
  /** Path below the project prefix, percent-encoded. */
  readonly path: string;
  /** Raw query without `?`. */
  readonly query: string;
  /** False when the address names a project in a way no project can be called. */
  readonly known: boolean;
}

const reference = /^[a-z0-9]{1,40}$/;

/**
 * Reads project, path and query. The project stands in the path (`/p/<ref>/…`) or in the host
 * (`<ref>.<domain>`); where both name one they must agree, so that pages of one project's host cannot reach
 * another project below it.
 * @param target the request target: path and query, or `*`
 * @param host the host that was called, with or without a port
 * @param domain setting `domain`, lower case
 */
export function readAddress(target: string, host: string | undefined, domain: string | null): RequestAddress {
  const fragment = target.indexOf('#');
  const local = fragment === -1 ? target : target.slice(0, fragment);
  const mark = local.indexOf('?');
  const path = mark === -1 ? local : local.slice(0, mark);
  const query = mark === -1 ? '' : local.slice(mark + 1);

  const ofHost = domain === null ? undefined : projectOfHost(host, domain);
  if (!path.startsWith('/p/')) {
    const known = ofHost === undefined || reference.test(ofHost);
    return { project: known ? (ofHost ?? 'main') : 'main', base: '', path, query, known };
  }
  const end = path.indexOf('/', 3);
  const ofPath = end === -1 ? path.slice(3) : path.slice(3, end);
  const below = end === -1 ? '/' : path.slice(end);
  const known = reference.test(ofPath) && (ofHost === undefined || ofHost === ofPath);
  // An address that names nothing keeps its whole path, so that the guard sees all of it.
  return known
    ? { project: ofPath, base: path.slice(0, 3 + ofPath.length), path: below, query, known }
    : { project: 'main', base: '', path, query, known };
}

/** `blog` for `blog.example.org:8080` below `example.org`; undefined when the host is not below the domain. */
function projectOfHost(host: string | undefined, domain: string): string | undefined {
  if (host === undefined) return undefined;
  const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
  if (!name.endsWith(domain) || name.length <= domain.length + 1) return undefined;
  return name[name.length - domain.length - 1] === '.' ? name.slice(0, -domain.length - 1) : undefined;
}
