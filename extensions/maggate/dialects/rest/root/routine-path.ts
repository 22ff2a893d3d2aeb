import type { Routine, RoutineParameter } from '../../../schema-cache/data-schema.ts';
import { splitComment } from './split-comment.ts';
import { swaggerType } from './swagger-type.ts';
import { typeFacts, typeFormat } from './type-facts.ts';

const produces = [
  'application/json',
  'application/vnd.pgrst.object+json;nulls=stripped',
  'application/vnd.pgrst.object+json',
];

/** Operations on a function; one that may write takes no GET. */
export function routinePath(routine: Routine): Record<string, unknown> {
  const facts = {
    tags: [`(rpc) ${routine.name}`],
    ...splitComment(routine.comment),
    produces,
    responses: { '200': { description: 'OK' } },
  };
  const post = { ...facts, parameters: [bodyParameter(routine), { $ref: '#/parameters/preferParams' }] };
  if (routine.volatility === 'volatile') return { post };
  return { get: { ...facts, parameters: routine.parameters.map(queryParameter) }, post };
}

function bodyParameter({ parameters, comment }: Routine): Record<string, unknown> {
  const required = parameters.filter((one) => one.required).map((one) => one.name);
  return {
    name: 'args',
    required: true,
    in: 'body',
    schema: {
      ...(comment === null ? {} : { description: comment }),
      ...(required.length === 0 ? {} : { required }),
      properties: Object.fromEntries(parameters.map((one) => [one.name, typeFacts(one.type)])),
      type: 'object',
    },
  };
}

function queryParameter({ name, type, required, variadic }: RoutineParameter): Record<string, unknown> {
  if (variadic) {
    const item = type.endsWith('[]') ? type.slice(0, -2) : type;
    const kind = swaggerType(item);
    const items = { ...(kind === undefined ? {} : { type: kind }), format: typeFormat(item) };
    return { name, required, in: 'query', type: 'array', collectionFormat: 'multi', items };
  }
  const kind = swaggerType(type);
  // An array is written as PostgreSQL's own text in a query string, and what has no type is a text there as well.
  const shown = kind === undefined || kind === 'array' ? 'string' : kind;
  return { name, required, in: 'query', format: typeFormat(type), type: shown };
}
