const minute = 60
const hour = 60 * minute
const day = 24 * hour
const year = 365 * day

/** How long ago a moment was, as kubectl words it: 45s, 3m20s, 12m, 5h3m, 2d4h. */
export function ageOf(moment: string | undefined, now: number = Date.now()): string {
  if (moment === undefined) return '<unknown>'
  const then = Date.parse(moment)
  if (Number.isNaN(then)) return '<invalid>'
  return durationText(Math.max(0, Math.floor((now - then) / 1000)))
}

function durationText(seconds: number): string {
  if (seconds < 2 * minute) return `${seconds}s`
  if (seconds < 10 * minute) return two(seconds, minute, 'm', 1, 's')
  if (seconds < 3 * hour) return `${Math.floor(seconds / minute)}m`
  if (seconds < 8 * hour) return two(seconds, hour, 'h', minute, 'm')
  if (seconds < 2 * day) return `${Math.floor(seconds / hour)}h`
  if (seconds < 8 * day) return two(seconds, day, 'd', hour, 'h')
  if (seconds < 2 * year) return `${Math.floor(seconds / day)}d`
  if (seconds < 8 * year) return two(seconds, year, 'y', day, 'd')
  return `${Math.floor(seconds / year)}y`
}

function two(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((seconds % large) / small)
  const head = `${Math.floor(seconds / large)}${largeName}`
  return rest === 0 ? head : `${head}${rest}${smallName}`
}
