import { Parser, type Program } from 'acorn';

/**
 * Acorn without its check for names that are declared twice or exported without being declared: it looks through
 * all names of the scope for each name, which takes minutes for a module made to do that. The engine that runs
 * the code makes that check anyway.
 */
const LinearParser = Parser.extend(
  (Base) =>
    class extends Base {
      declareName(): void {}
      checkLocalExport(): void {}
    },
);

/**
 * A module as a syntax tree.
 * @throws SyntaxError with `loc`, RangeError when it is nested too deep
 */
export function parseCode(code: string): Program {
  return LinearParser.parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
}
