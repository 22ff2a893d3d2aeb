/**
 * Connections of one project's owner at the same time: enough for the pools of an application that uses the database
 * directly, and less than the server has, or one project could deny the others.
 */
export const ownerConnectionLimit = 64;
