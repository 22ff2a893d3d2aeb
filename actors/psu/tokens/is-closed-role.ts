/**
 * Roles that no token may name: what is no name, and those that would be the login of the lanes itself (`none` resets
 * to it).
 */
export function isClosedRole(project: string, role: string): boolean {
  const closed = role === '' || role === 'none' || role === `authenticator_${project}`;
  return closed || /[\0]/.test(role) || Buffer.byteLength(role) > 63;
}
