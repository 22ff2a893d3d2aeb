/** Buckets of hashed token n-grams, of hashed character trigrams, and places of the statistics: what a model reads. */
export const tokenBuckets = 8192;
export const trigramBuckets = 4096;
export const buckets: number = tokenBuckets + trigramBuckets;
/** Row of the first layer that is all zeros; fills up the shorter rows of a batch. */
export const emptyBucket: number = buckets;

/** Statistics of a window, in this order. Each is between -1 and 1.5. */
export const statistics = [
  ...['length', 'letters', 'digits', 'blanks', 'signs', 'beyond ASCII', 'upper case', 'tokens'],
  ...['keywords', 'words', 'kinds of keywords', 'odd apostrophes', 'odd quotes', 'odd backticks'],
  ...['apostrophes', 'quotes', 'unclosed brackets', 'unopened brackets', 'block comment', 'version comment'],
  ...['line comment', 'ends in a comment', 'semicolons', 'comparison with itself', 'calls', 'operators'],
  ...['begins with a quote', 'prose', 'encoded', 'cut out of a longer text', 'system names', 'SQL functions'],
  ...['string left open', 'comment left open', 'comment behind the statement', 'quote in a comment'],
  ...['keyword in a comment', 'further statements', 'constant compared', 'selects joined'],
] as const;

/** Versions of the features of the two models; a model is only used with the version it was trained on. */
export const featureVersions = { values: 3, statements: 3 } as const;
