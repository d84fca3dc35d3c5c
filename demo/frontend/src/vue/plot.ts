/** Where a chart's values lie: x of each, y of a value, and the lines to draw at round values. */
export interface Plot {
  width: number
  height: number
  x: (index: number) => number
  y: (value: number) => number
  ticks: readonly number[]
}

const LEFT = 30
const RIGHT = 34
const TOP = 14
const BOTTOM = 24

/** A plot for values from 0 up, in a box of so many units. */
export function plot(values: readonly number[], width: number, height: number): Plot {
  const step = roundStep(Math.max(4, ...values) / 4)
  const most = step * Math.ceil(Math.max(4, ...values) / step)
  return {
    width,
    height,
    x: (index) => LEFT + ((width - LEFT - RIGHT) * index) / Math.max(1, values.length - 1),
    y: (value) => TOP + (height - TOP - BOTTOM) * (1 - value / most),
    ticks: Array.from({ length: most / step + 1 }, (_, n) => n * step),
  }
}

/** The next of 1, 2, 5, 10, 20, 50 … */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find((digit) => digit * power >= least) ?? 10)
}
