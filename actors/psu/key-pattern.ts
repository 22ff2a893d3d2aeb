/**
 * The shape of every MagFlock API key, published for secret scanners:
 * `ak_<pub|sec>_<project>_<43 digits: 256 random bits><6 digits: checksum>`, digits in base 62.
 */
export const keyPattern =
  /^ak_(?<kind>pub|sec)_(?<project>[a-z0-9]{1,40})_(?<random>[0-9A-Za-z]{43})(?<checksum>[0-9A-Za-z]{6})$/;
