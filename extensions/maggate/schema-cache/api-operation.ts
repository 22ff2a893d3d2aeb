/** What can be done with a table through the API; each one it offers is an endpoint. */
export type ApiOperation = 'list' | 'create' | 'read' | 'replace' | 'update' | 'delete';
