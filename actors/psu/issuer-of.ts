/** Base URL of a project, which is the issuer of its identities (architecture §9). */
export function issuerOf(project: string, domain: string | null): string {
  return domain === null ? `/p/${project}` : `https://${project}.${domain}`;
}
