// Where Grafana's components look for their icons.
window.__grafana_public_path__ = '/public/'
