/**
 * Whether an issuer is the base URL of another project of this daemon, or below it. Foreign issuers are the business of
 * who set the key.
 * @param issuer claim `iss`
 * @param base base URL of a project, as its tokens have it
 */
export function namesOtherProject(issuer: unknown, project: string, base: (ref: string) => string): boolean {
  if (typeof issuer !== 'string') return false;
  // Refs have no case, and neither have hosts.
  const plain = issuer.toLowerCase();
  const [before = '', after = ''] = base('\0').split('\0');
  if (!plain.startsWith(before)) return false;
  const rest = plain.slice(before.length);
  const ref = /^[a-z0-9]{1,40}/.exec(rest)?.[0];
  if (ref === undefined || ref === project) return false;
  const behind = rest.slice(ref.length);
  return behind === after || behind.startsWith(`${after}/`);
}
