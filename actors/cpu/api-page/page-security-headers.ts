/**
 * Headers of the page `/docs` and its files, instead of those of every other answer: scripts, styles and requests of
 * its own origin only, nothing inline, no frame around it. Pictures in the style sheet are `data:` addresses.
 */
export const pageSecurityHeaders = [
  'X-Content-Type-Options',
  'nosniff',
  'Content-Security-Policy',
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy',
  'no-referrer',
  'Cross-Origin-Resource-Policy',
  'same-origin',
  'Cross-Origin-Opener-Policy',
  'same-origin',
] as const;
