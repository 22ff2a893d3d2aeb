/**
 * Runs in a mount namespace of its own and makes the image the only thing there is: image and Node program are bound
 * read-only, the image becomes the root, everything else is let go. `umount` needs /proc for a moment, which goes too.
 * After the pivot the host's programs are reached through the old root, so its loader is named.
 *
 * Arguments: root, node, mount, umount, pivot_root, loader, library path, and then the command to become.
 */
export const emptyRootScript = `set -e
root=$1 node=$2 mount=$3 umount=$4 pivot=$5 loader=$6 libraries=$7
shift 7
"$mount" --bind "$root" "$root"
"$mount" --bind "$node" "$root/node"
"$mount" -t proc proc "$root/proc"
"$mount" -o remount,bind,ro,nosuid,nodev "$root"
"$mount" -o remount,bind,ro,nosuid,nodev "$root/node"
cd "$root"
"$pivot" . old
"/old$loader" --library-path "$libraries" "/old$umount" -l /old /proc
cd /
unset PATH PWD OLDPWD
exec "$@"`;
