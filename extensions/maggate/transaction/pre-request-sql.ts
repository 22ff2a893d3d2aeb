import { qualifiedFunction } from './qualified-function.ts';

/** The call of the function that runs before every request (setting dbPreRequest); undefined when none is set. */
export function preRequestSql(name: string | null): string | undefined {
  return name === null ? undefined : `select ${qualifiedFunction(name)}()`;
}
