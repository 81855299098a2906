/*
 * Moments as Kubernetes writes them (RFC 3339), and milliseconds since the epoch. The calendar is counted in eras of 400
 * years, each year from March on, so that the leap day comes last.
 */

const dayMs = 86_400_000
const eraDays = 146_097
/** Days from 0000-03-01 to 1970-01-01. */
const epochDay = 719_468

/** The moment in UTC, with a fraction of the second only where there is one. */
export function momentOf(ms: number): string {
  const fraction = ms % 1000 === 0 ? '' : `.${padded(modulo(ms, 1000), 3)}`
  return `${secondOf(ms).slice(0, -1)}${fraction}Z`
}

/** The moment in UTC to the second, for people. */
export function secondOf(ms: number): string {
  const [year, month, day] = dateOf(Math.floor(ms / dayMs))
  const seconds = Math.floor(modulo(ms, dayMs) / 1000)
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}T${time.map((part) => padded(part, 2)).join(':')}Z`
}

/** Reads a moment; undefined for anything else. */
export function parseMoment(text: string): number | undefined {
  const read = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (!read) return undefined
  const [year, month, day, hours, minutes, seconds] = read.slice(1, 7).map(Number) as Six
  const [, , , , , , , fraction = '', zone = 'Z'] = read
  const ms = Math.floor(Number(`0${fraction}`) * 1000)
  const local = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
  return daysTo(year, month, day) * dayMs + local - offsetMs(zone)
}

type Six = [number, number, number, number, number, number]

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

function daysTo(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  return era * eraDays + yearOfEra * 365 + leaps + dayOfYear - epochDay
}

function dateOf(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + epochDay
  const era = Math.floor(shifted / eraDays)
  const dayOfEra = modulo(shifted, eraDays)
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = ((marchMonth + 2) % 12) + 1
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day]
}

function padded(number: number, length: number): string {
  return String(number).padStart(length, '0')
}

function modulo(number: number, by: number): number {
  return ((number % by) + by) % by
}
