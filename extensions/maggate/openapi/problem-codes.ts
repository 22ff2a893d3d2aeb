/**
 * Errors that a request to the described interface can be answered with, by status; the rest (`MF5xx`, `MF6xx`) comes
 * with whatever status its page `/errors/{code}` says.
 */
export const problemCodes = {
  400: ['MF100', 'MF101', 'MF102', 'MF103', 'MF402', 'MF405', 'MF406', 'MF407', 'MF408', 'MF426'],
  401: ['MF201', 'MF202', 'MF203', 'MF204', 'MF205', 'MF211', 'MF212', 'MF213'],
  403: ['MF206', 'MF301', 'MF302', 'MF403', 'MF436'],
  404: ['MF104', 'MF401', 'MF404', 'MF508'],
  405: ['MF105', 'MF424'],
  408: ['MF108'],
  409: ['MF409', 'MF432', 'MF433', 'MF435', 'MF505'],
  412: ['MF412'],
  413: ['MF113'],
  414: ['MF114'],
  415: ['MF115'],
  422: ['MF422', 'MF423', 'MF430', 'MF431', 'MF434'],
  431: ['MF131'],
  503: ['MF153', 'MF154', 'MF425', 'MF501', 'MF503', 'MF506', 'MF507'],
  504: ['MF504', 'MF602'],
} as const satisfies Readonly<Record<number, readonly string[]>>;
