import { absolutePaths, isNode, nodes, type Node } from './config-nodes.ts'

/** How Alertmanager reaches Aura. */
export interface Delivery {
  /** Of `POST /api/alerts/webhook`. */
  readonly url: string
  /** Holds the bearer token. */
  readonly credentialsFile: string
}

const name = 'aura'

/** Aura keeps what matters, at any hour; people are told as well, by the routes that follow. */
const route = {
  matchers: ['severity !~ "info|none"'],
  receiver: name,
  continue: true,
  group_wait: '5s',
  group_interval: '1m',
  // What is not repeated for a day is not shown as firing any more.
  repeat_interval: '1h',
}

const receiver = ({ url, credentialsFile }: Delivery): Node => ({
  name,
  webhook_configs: [
    {
      url,
      send_resolved: true,
      // Aura takes a MiB at once.
      max_alerts: 300,
      http_config: { authorization: { credentials_file: credentialsFile } },
    },
  ],
})

/**
 * The Alertmanager configuration in force: the parsed alertmanager.yml of `directory`, with a receiver for Aura before
 * all others unless it has one named `aura`, or there is no `delivery`. Pure; whatever else the file holds is kept.
 */
export function effectiveAlertmanagerConfig(file: unknown, directory: string, delivery: Delivery | undefined): Node {
  if (!isNode(file)) throw new Error('alertmanager.yml is not a mapping')
  const config = absolutePaths(file, directory) as Node
  const receivers = nodes(config['receivers'])
  if (delivery === undefined || receivers.some((each) => each['name'] === name)) return config
  const root = isNode(config['route']) ? config['route'] : {}
  return {
    ...config,
    route: { ...root, routes: [route, ...nodes(root['routes'])] },
    receivers: [receiver(delivery), ...receivers],
  }
}
