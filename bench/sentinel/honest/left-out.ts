/**
 * Sources left out whole, by name and before anything is scored. Documents of databases and of their drivers are full
 * of statements, security documents of attacks: what an agent should say of those is no false alarm. The others are
 * kept for evaluation on text that nobody here has seen.
 */
export const leftOut: readonly { readonly what: string; readonly path: RegExp }[] = [
  {
    what: 'documents and messages of databases',
    path: /(postgres|psql|plpgsql|pgscripts|pg_|libpq|initdb|ecpg|mysql|maria|galera|sqlite|mnesia|redis|dbi\b|\bDBD|odbc|[/-]sql[-_/.]|sqlalchemy|spanner|bigquery|rds-data|redshift|athena|partiql|dynamodb|timestream|\bqldb|dbm?shell|-dbg?sql|sql\.(vim|py|lua|js|xml|json|html?)$|\/db\/backends\/|[/]ftplugin\/sql|sqlcomplete|plsql|esqlc|sqr\.vim|dbext)/i,
  },
  { what: 'lexers and grammars of SQL', path: /(pygments|highlight|prism|ctags).*(sql|pgsql|transact)/i },
  {
    what: 'documents about attacks',
    path: /(sqli|injection|xss|payload|exploit|\bwaf\b|wafv2|guardduty|bandit|semgrep)/i,
  },
  {
    what: 'sources kept for evaluation',
    path: /(geonames|naughty|blns|fastify|postgrest|sqlmap|libinjection|coreruleset|owasp|modsec|\bspider)/i,
  },
];
