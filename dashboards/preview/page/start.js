// Where Grafana's components look for their icons.
Object.assign(window, { __grafana_public_path__: '/public/' })
