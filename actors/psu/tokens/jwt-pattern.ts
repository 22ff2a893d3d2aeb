/** What looks like a token (RFC 7519): three parts, the first of which begins a JSON object. */
export const jwtPattern = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;
