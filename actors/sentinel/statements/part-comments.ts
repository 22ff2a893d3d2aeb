/** Runs of characters that operators are made of, so long that reading them again and again would be felt. */
const longRun = /[~!@#^&|`?+\-*/%<>=]{64}/;

/**
 * Puts blanks around the comments of a text where many of them stand without any. PostgreSQL's scanner reads the whole
 * run of operator characters at each comment in it (`operator` and `xcstart` of its scan.l), so that 64 kB of `/**\/`
 * take twenty seconds. Around comments a blank means nothing; inside of strings only constants become others.
 */
export function partComments(text: string): string {
  if (!longRun.test(text)) return text;
  return text.replaceAll('/*', ' /*').replaceAll('*/', '*/ ');
}
