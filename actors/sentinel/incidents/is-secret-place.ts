const secret =
  /(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|api[-_]?key|session(?:[-_]?id)?)$|[._-](?:otp|pin|cvc|cvv)$/i;

/**
 * Whether a value stands where people put secrets: in a field named `password`, `newPassword`, `api_key` and the like. A
 * good password may look like an injection, and must not be read in an incident.
 * @param where `body.user.password`, `query.token`, `header.cookie.session`
 */
export function isSecretPlace(where: string): boolean {
  return secret.test(where.replace(/(?:\[\d+\])+$/, ''));
}
