/** A number as the server writes it; null stays unknown. */
export const num = (text: string | null | undefined): number | undefined =>
  text === null || text === undefined ? undefined : Number(text)

/** A boolean as the server writes it (`t`, `f`) as 1 or 0; null stays unknown. */
export const flag = (text: string | null | undefined): number | undefined =>
  text === null || text === undefined ? undefined : text === 't' ? 1 : 0

/** Null becomes the empty label, which Prometheus treats as absent. */
export const label = (text: string | null | undefined): string => text ?? ''
