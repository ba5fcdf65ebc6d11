/** One mounted file system, from mountinfo. */
export interface Mount {
  readonly device: string
  readonly mountpoint: string
  readonly fstype: string
  readonly major: string
  readonly minor: string
  readonly readonly: boolean
}

const octal = /\\([0-3][0-7]{2})/g

/** Blanks and the like in paths are written in octal: `\040`. */
function unescape(path: string): string {
  if (!path.includes('\\')) return path
  return path.replaceAll(octal, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

const isReadonly = (options: string): boolean => options === 'ro' || options.startsWith('ro,')

/** `27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard`; lines cut short are left out. */
export function parseMounts(text: string): Mount[] {
  const mounts: Mount[] = []
  for (const line of text.split('\n')) {
    const split = line.indexOf(' - ')
    if (split < 0) continue
    const [, , number = '', , mountpoint = '', options = ''] = line.slice(0, split).split(' ')
    const [fstype = '', device = '', superOptions] = line.slice(split + 3).split(' ')
    if (superOptions === undefined || superOptions === '') continue
    const colon = number.indexOf(':')
    mounts.push({
      device: unescape(device),
      mountpoint: unescape(mountpoint),
      fstype,
      major: number.slice(0, colon),
      minor: number.slice(colon + 1),
      readonly: isReadonly(options) || isReadonly(superOptions),
    })
  }
  return mounts
}

/** Types whose statfs is answered from the kernel's own memory, never by a network or another process. */
const localTypes = new Set(
  (
    'bcachefs btrfs cramfs devtmpfs efivarfs erofs exfat ext2 ext3 ext4 f2fs hfs hfsplus iso9660 jfs minix msdos ' +
    'nilfs2 ntfs3 proc ramfs reiserfs rootfs squashfs sysfs tmpfs udf vfat xfs zfs ' +
    'cgroup cgroup2 bpf configfs debugfs devpts hugetlbfs mqueue nsfs pstore securityfs selinuxfs tracefs'
  ).split(' '),
)

const inside = (path: string, directory: string): boolean =>
  directory === '/' || path === directory || path.startsWith(`${directory}/`)

/**
 * Whether a mount may be asked in this process: its own type is local, and so is every other mount on the way to it, since
 * walking over a dead one would hang as well. The root does not count: this very program comes from it.
 */
export function localMounts(mounts: readonly Mount[]): (mount: Mount) => boolean {
  const foreign = mounts.filter(({ fstype, mountpoint }) => !localTypes.has(fstype) && mountpoint !== '/')
  return ({ fstype, mountpoint }) =>
    localTypes.has(fstype) && !foreign.some((other) => inside(mountpoint, other.mountpoint))
}
