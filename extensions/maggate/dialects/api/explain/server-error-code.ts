/** Errors that are the server's condition rather than the request's fault; the rest is MF500. */
const codes: Readonly<Record<string, string>> = {
  '40001': 'MF505',
  '40P01': 'MF505',
  '55P03': 'MF505',
  '57014': 'MF504',
  '53100': 'MF506',
  '53200': 'MF507',
  '53300': 'MF507',
  '57P01': 'MF503',
  '57P02': 'MF503',
  '57P03': 'MF503',
};

/** The code of the catalogue for an SQLSTATE that says nothing about the request. */
export function serverErrorCode(sqlstate: string): string {
  return codes[sqlstate] ?? (sqlstate.startsWith('08') ? 'MF503' : 'MF500');
}
