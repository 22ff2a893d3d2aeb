/**
 * Sources that are kept for evaluation (README of the data). A model that has seen one of them would be measured on
 * what it knows by heart, so no file whose name or path matches is ever read by the training.
 */
export const reservedSources: readonly RegExp[] = [
  /coreruleset|owasp[-_ /]?(crs|modsec)|\bcrs\b/i,
  /go-?test-?waf/i,
  /waf[-_]?bypass/i,
  /waf[-_]?efficacy/i,
  /pralab|modsec[-_]?(advlearn|learn)/i,
  /open-?appsec|waf-comparison/i,
  /naughty|blns/i,
  /libinjection.*(false|fp)|(false-?positives?|fp).*libinjection/i,
  /\bspider(?!labs)/i,
  /(src|postgres(ql)?)\/test\/regress|postgres(ql)?[-_]regress|regression[-_]sql/i,
  /postgrest\/postgrest|postgrest[-_ ]?(docs|spec|tests?)\b|(^|\/)postgrest(\/|\.|$)/i,
  /fastify/i,
  /sqlmap/i,
  /geonames/i,
];

/** Whether a name, path or source of a row is of a source that is kept for evaluation. */
export function isReserved(name: string): boolean {
  return reservedSources.some((pattern) => pattern.test(name));
}
