import { findPeer, type Peer, startPeer } from './peer.ts'

/** Path of node_exporter on this machine, Debian's name included; undefined if it is not installed. */
export const nodeExporter = findPeer('prometheus-node-exporter', 'node_exporter')

/** Starts node_exporter with its default flags and these. */
export const startNodeExporter = (flags: readonly string[] = []): Promise<Peer> => startPeer(nodeExporter, flags)
