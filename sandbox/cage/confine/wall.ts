/**
 * A wall of the operating system, or of Node, around a cage. `uid`: an identity nobody else has. `caps`: no
 * capabilities, also not in the bounding set. `nnp`: no program can give privileges. `net`, `pid`, `ipc`, `uts`, `user`:
 * a namespace of its own. `mount`: a root folder with nothing in it but the cage's own files. `prlimit`: no files
 * written, no dumps, bounded memory and threads. `cgroup`: bounded physical memory. `permission`: Node's own model.
 */
export type Wall =
  | 'permission'
  | 'uid'
  | 'caps'
  | 'nnp'
  | 'net'
  | 'pid'
  | 'ipc'
  | 'uts'
  | 'mount'
  | 'user'
  | 'prlimit'
  | 'cgroup';
