/** Where the tokens of a value are read, and what was noted on the way. Readers move `position` behind a token. */
export interface Cursor {
  /** The value, with zeros behind its end. */
  units: Uint16Array;
  length: number;
  position: number;
  /** Hash and length of the word or number just read; 0 for signs. */
  hash: number;
  wordLength: number;
  /** One bit per kind of quote: set while an odd number of them was read. */
  quoteParity: number;
  /** An unclosed comment was seen: looking for another end would find none. */
  noMoreCommentEnds: boolean;
  inVersionComment: boolean;
}

/** A cursor at the beginning of nothing. */
export function newCursor(): Cursor {
  return {
    units: new Uint16Array(8),
    length: 0,
    position: 0,
    hash: 0,
    wordLength: 0,
    quoteParity: 0,
    noMoreCommentEnds: false,
    inVersionComment: false,
  };
}

/** Notes a word or number and moves behind it. */
export function finishWord(cursor: Cursor, from: number, to: number, hash: number, code: number): number {
  cursor.position = to;
  cursor.hash = hash === 0 ? 1 : hash;
  cursor.wordLength = to - from;
  return code;
}
