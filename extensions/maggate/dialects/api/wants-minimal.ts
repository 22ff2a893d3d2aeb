/** True when the caller prefers no row in the answer to a write (`Prefer: return=minimal`, RFC 7240 §4.2). */
export function wantsMinimal(headers: Readonly<Record<string, string>>): boolean {
  const prefer = headers['prefer'];
  return prefer !== undefined && /(?:^|[,;])\s*return\s*=\s*"?minimal"?\s*(?:$|[,;])/i.test(prefer);
}
