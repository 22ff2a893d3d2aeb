/**
 * URL of a module that another thread will load. Sources run as `.ts`, the published package as `.js`, and
 * `tsc` does not rewrite the text in `new URL(...)`: so the module is named without extension and takes the one
 * of the module that names it.
 * @param relativeWithoutExtension for example `./thread.worker`
 * @param importMetaUrl `import.meta.url` of the caller
 */
export function moduleUrl(relativeWithoutExtension: string, importMetaUrl: string): URL {
  const { pathname } = new URL(importMetaUrl);
  const extension = pathname.slice(pathname.lastIndexOf('.'));
  return new URL(`${relativeWithoutExtension}${extension}`, importMetaUrl);
}
