/**
 * Digests of the extensions that are shipped with MagFlock itself. They are known by what they are and not by a
 * key: there is no private key of MagFlock that could be stolen.
 */
export const corePackages: readonly string[] = [];
