/**
 * Version of the next working copy: `1.2.3-dev.<N>`, newer than the one that is installed.
 * @param version of the manifest
 * @param installed version on the machine; null for none
 */
export function devVersion(version: string, installed: string | null): string {
  const [release = version] = version.split(/[-+]/, 1);
  const [, last] = /-dev\.(\d+)$/.exec(installed ?? '') ?? [];
  return `${release}-dev.${installed?.startsWith(`${release}-dev.`) && last ? Number(last) + 1 : 1}`;
}
