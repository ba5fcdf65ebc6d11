/** Metrics that say nothing of a job and an instance, or of more than a board's variables choose. */
export const withoutTarget: Readonly<Record<string, string>> = {
  ALERTS: 'some alerts are about everything; a night board must show them all',
  'slo:sli_error:ratio_rate5m': 'a promise is about everything',
  'slo:sli_error:ratio_rate30m': 'a promise is about everything',
  'slo:sli_error:ratio_rate1h': 'a promise is about everything',
  'slo:sli_error:ratio_rate2h': 'a promise is about everything',
  'slo:sli_error:ratio_rate6h': 'a promise is about everything',
  'slo:sli_error:ratio_rate1d': 'a promise is about everything',
  'slo:sli_error:ratio_rate3d': 'a promise is about everything',
  'slo:error_budget:ratio': 'a promise is about everything',
}

/** Panels that show another job of the same instance, by board and title. */
export const otherJob: Readonly<Record<string, string>> = {
  'ollama: Video memory of the cards': 'cards are job gpu, the board is about job ollama',
}

/** Boards whose sources do not tell when they were started. */
export const withoutRestarts: Readonly<Record<string, string>> = {
  gpu: 'a driver does not tell; its version is drawn',
  ollama: 'Ollama does not tell; its version is drawn',
  slo: 'a promise is about everything',
  load: 'a run of k6 is not restarted',
}

/** Boards about nothing that has a version. */
export const withoutVersions: Readonly<Record<string, string>> = {
  slo: 'a promise is about everything',
  load: 'k6 does not tell',
}

/** Boards whose edges are not those of alerts. */
export const withoutAlerts: Readonly<Record<string, string>> = {
  load: 'its edges are the thresholds of the scenarios, at which `npm run load` fails',
}

/** Edges that are drawn though nobody is told there. */
export const thresholdsWithoutAlert: Readonly<Record<string, string>> = {
  'slo: Pace of the budget over an hour at 14.4':
    'the alert looks at the errors: 14.4 times the budget of each promise',
}
