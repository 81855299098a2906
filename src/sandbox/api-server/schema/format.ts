import { isIP, isIPv4, isIPv6 } from 'node:net'
import type { Schema } from './schema.ts'

/** The formats that a Kubernetes API server enforces; it lets every other one pass. */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: isCidr,
  'date-time': (text) => {
    const [date = '', time = '', ...rest] = text.toLowerCase().split('t')
    return rest.length === 0 && isDate(date) && timeOfDay.test(time)
  },
  date: isDate,
  duration: (text) => /^[-+]?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d|w)\s*)+$/.test(text) || text === '0',
  uuid: (text) => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text),
  mac: (text) => /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text),
  byte: (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0,
  uri: (text) => URL.canParse(text),
}

const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(.\d+)?(z|[+-]\d\d:\d\d)$/

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const moment = Date.parse(text)
  // A 30th of February is read as the 2nd of March.
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text)
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/')
  const family = isIP(address)
  return (
    rest.length === 0 && family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  )
}

const numberFormats: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
}

/** The format of a schema, unless it is one that nobody checks for its type. */
export function formatOf({ type, format }: Schema): string | undefined {
  if (format === undefined) return undefined
  const known = type === undefined || type === 'string' ? Object.keys(formats) : (numberFormats[type] ?? [])
  return known.includes(format) ? format : undefined
}

export function matchesFormat(format: string, text: string): boolean {
  return formats[format]?.(text) ?? true
}
