/** Headers while an answer is made; a list is a header that is repeated. */
export type AnswerHeaders = Record<string, string | readonly string[]>;
