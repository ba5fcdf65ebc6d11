/** `0.05` as people write it: `5 %`. */
export const share = (ratio: number): string => `${Math.round(ratio * 100)} %`
