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
