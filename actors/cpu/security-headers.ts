/**
 * Headers of every answer, as a raw list: nothing here is a page, so a browser may neither run, frame nor sniff
 * it, nor tell other sites where it came from.
 */
export const securityHeaders = [
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy',
  'no-referrer',
  'Cross-Origin-Resource-Policy',
  'same-origin',
] as const;
