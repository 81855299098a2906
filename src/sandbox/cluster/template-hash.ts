import { createHash } from 'node:crypto'

/** Ten characters that stand for a Pod template, whatever the order of its fields. */
export function templateHash(template: unknown): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(template)) ?? '')
    .digest()
  return [...digest.subarray(0, 10)].map((byte) => safeLetters[byte % safeLetters.length]).join('')
}

/** Five letters for the end of a generated name; no vowels, so that it never spells anything. */
export function randomSuffix(): string {
  return Array.from({ length: 5 }, () => safeLetters[Math.floor(Math.random() * safeLetters.length)]).join('')
}

const safeLetters = 'bcdfghjklmnpqrstvwxz2456789'

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}
