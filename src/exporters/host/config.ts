import { Type, type Static, type TString } from 'typebox'
import { duration } from '../../lib/schema.ts'

const pattern = (value: string, description: string): TString =>
  Type.String({ default: value, description, format: 'regex' })

const names = (description: string) => Type.Array(Type.String(), { default: [], description })

/** Section `exporters.host`. Filters default to node_exporter's own values, not to Debian's narrower ones. */
export const hostConfig = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Publish metrics of this machine.' }),
  proc_path: Type.String({ default: '/proc', description: "The host's /proc; `/host/proc` in a container." }),
  sys_path: Type.String({ default: '/sys', description: "The host's /sys; `/host/sys` in a container." }),
  root_path: Type.String({ default: '/', description: "The host's root directory; `/host` in a container." }),
  udev_path: Type.String({ default: '/run/udev/data', description: 'Facts udev knows of disks, below the root.' }),
  collectors_enabled: names('Collectors to add to the usual ones, such as `processes`, `interrupts`, `tcpstat`.'),
  collectors_disabled: names('Collectors to leave out.'),
  arp_include: pattern('', 'Only these devices in the arp collector; replaces `arp_exclude`.'),
  arp_exclude: pattern('', 'Devices that the arp collector leaves out.'),
  disk_include: pattern('', 'Only these disks; replaces `disk_exclude`.'),
  disk_exclude: pattern(
    '^(ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$',
    'Disks that are left out: RAM and loop devices, partitions.',
  ),
  mount_exclude: pattern(
    '^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)',
    'Mount points that are left out.',
  ),
  fs_type_exclude: pattern(
    '^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$',
    'Types of file systems that are left out.',
  ),
  mount_timeout: duration(
    '2s',
    'How long a network or FUSE mount may take to tell its size before it counts as stuck.',
  ),
  net_include: pattern('', 'Only these devices in the netdev collector; replaces `net_exclude`.'),
  net_exclude: pattern('', 'Devices that the netdev collector leaves out.'),
  netclass_exclude: pattern('^$', 'Devices that the netclass collector leaves out.'),
  netclass_ignore_invalid_speed: Type.Boolean({
    default: false,
    description: 'Leave out speeds that the driver gives as -1 (unknown); node_exporter publishes them as -125000.',
  }),
  netstat_fields: pattern(
    '^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab|MaxConn)|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$',
    'Fields of /proc/net/{netstat,snmp,snmp6} that are published.',
  ),
  textfile_directory: Type.String({
    default: '',
    description:
      'Directory whose `*.prom` files are published too; a pattern such as `/var/lib/metrics/*` names several.',
  }),
  vmstat_fields: pattern('^(oom_kill|pgpg|pswp|pg.*fault).*', 'Fields of /proc/vmstat that are published.'),
  stat_softirqs: Type.Boolean({
    default: false,
    description: 'Publish soft interrupts by kind (`node_softirqs_total`).',
  }),
})

export type HostConfig = Static<typeof hostConfig>
