/** Procedures of each NFS version in the order of the kernel's statistics, in the spelling of the label `method`. */

const list = (names: string): readonly string[] => names.trim().split(/\s+/)

/** NFS version 2, client and server. */
export const version2 = list(`
  Null GetAttr SetAttr Root Lookup ReadLink Read WrCache Write Create Remove Rename Link SymLink MkDir RmDir ReadDir
  FsStat`)

/** NFS version 3, client and server. */
export const version3 = list(`
  Null GetAttr SetAttr Lookup Access ReadLink Read Write Create MkDir SymLink MkNod Remove RmDir Rename Link ReadDir
  ReadDirPlus FsStat FsInfo PathConf Commit`)

/** NFS version 4 as a client calls it. */
export const version4Client = list(`
  Null Read Write Commit Open OpenConfirm OpenNoattr OpenDowngrade Close Setattr FsInfo Renew SetClientID
  SetClientIDConfirm Lock Lockt Locku Access Getattr Lookup LookupRoot Remove Rename Link Symlink Create Pathconf StatFs
  ReadLink ReadDir ServerCaps DelegReturn GetACL SetACL FsLocations ReleaseLockowner Secinfo FsidPresent ExchangeID
  CreateSession DestroySession Sequence GetLeaseTime ReclaimComplete LayoutGet GetDeviceInfo LayoutCommit LayoutReturn
  SecinfoNoName TestStateID FreeStateID GetDeviceList BindConnToSession DestroyClientID Seek Allocate DeAllocate
  LayoutStats Clone`)

/** Operations of NFS version 4 as a server counts them, from number 3 on; `-` for those that are not published. */
export const version4Operations = list(`
  Access Close Commit Create DelegPurge DelegReturn GetAttr GetFH Link Lock Lockt Locku Lookup LookupRoot Nverify Open
  OpenAttr OpenConfirm OpenDgrd PutFH - - Read ReadDir ReadLink Remove Rename Renew RestoreFH SaveFH SecInfo SetAttr - -
  Verify Write RelLockOwner`)

/** Lines of /proc/net/rpc/nfs and nfsd: a key, then numbers (the version 4 server may also give `wdeleg_getattr`). */
export function parseRpc(text: string): ReadonlyMap<string, readonly number[]> {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/))
  return new Map(lines.filter(([key]) => key !== '').map(([key = '', ...values]) => [key, values.map(Number)]))
}
