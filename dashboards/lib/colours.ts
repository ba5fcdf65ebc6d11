/**
 * The palette of Okabe and Ito, which people who do not see red and green tell apart. Vermilion is kept for what is
 * bad, and orange for what needs a look; neither is ever the colour of a mere series.
 */
export const colour = {
  good: '#0072B2',
  neutral: '#8A8A8A',
  look: '#E69F00',
  bad: '#D55E00',
} as const

const series = ['#0072B2', '#009E73', '#CC79A7', '#56B4E9', '#8A8A8A', '#F0E442', '#7A5195', '#2F4B7C'] as const

/** Colour of the query at this place of a panel; what one query returns several of comes in shades of it. */
export const seriesColour = (at: number): string => series[at % series.length] ?? series[0]
