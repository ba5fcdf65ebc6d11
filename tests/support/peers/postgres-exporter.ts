import { findPeer, type Peer, startPeer } from './peer.ts'

/** Path of postgres_exporter on this machine, Debian's name included; undefined if it is not installed. */
export const postgresExporter = findPeer('prometheus-postgres-exporter', 'postgres_exporter')

/** Starts postgres_exporter with its default flags, watching the server at this URL. */
export const startPostgresExporter = (database: string): Promise<Peer> =>
  startPeer(postgresExporter, [], { DATA_SOURCE_NAME: `${database}?sslmode=disable` })
