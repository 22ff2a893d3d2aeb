import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/** What is served below `/docs`, and nothing else. */
export interface PageFiles {
  /** The page itself; its links have the digest in them. */
  readonly page: string;
  /** Of all files together: part of their addresses, so that they can be kept for ever. */
  readonly digest: string;
  readonly files: ReadonlyMap<string, PageFile>;
}

/** Our own files lie beside this one; those of Swagger UI where the build put them, else where npm did. */
const own = ['page.css', 'page.js'] as const;
const library = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;

let read: PageFiles | undefined;

/** Reads the files once, when somebody first asks for the page. */
export function pageFiles(): PageFiles {
  read ??= readFiles();
  return read;
}

function readFiles(): PageFiles {
  const built = new URL('./swagger-ui/', import.meta.url);
  const folder = existsSync(built)
    ? built
    : new URL('.', import.meta.resolve('swagger-ui-dist/package.json'));
  const files = new Map<string, PageFile>();
  const digest = createHash('sha256');
  const add = (name: string, base: string | URL): void => {
    const bytes = readFileSync(new URL(name, base));
    digest.update(`${name} ${bytes.length}\n`).update(bytes);
    files.set(name, { type: `text/${name.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`, bytes });
  };
  for (const name of own) add(name, import.meta.url);
  for (const name of library) add(name, folder);
  const address = digest.digest('hex').slice(0, 16);
  const page = readFileSync(new URL('./page.html', import.meta.url), 'utf8');
  return { page: page.replaceAll('{digest}', address), digest: address, files };
}
