import type { AnswerHeaders } from './answer-headers.ts';

/** An answer before SQL had its say in status and headers. */
export interface RowsAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: string;
  /** Code, when the body is that of an error. */
  readonly failed?: string | undefined;
}
