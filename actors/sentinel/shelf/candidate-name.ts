/** Names of candidates and of their folders; those that begin with `shipped-` come with MagFlock. */
export const candidateName: RegExp = /^(?!shipped-)[a-z0-9][a-z0-9_-]{0,63}$/;
