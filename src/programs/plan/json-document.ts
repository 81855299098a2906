import { isTooDeep } from './depth.ts'

/** The value of a text that is JSON; undefined for anything else, and for JSON that needs a closer look. */
export function readJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  const value = parsed(text)
  return value === undefined || isTooDeep(value) || keysIn(text) !== keysOf(value) ? undefined : value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Then it is YAML, or what the other parser finds wrong with it.
  }
}

/** How many keys the text has. Of a key that is there twice the parser keeps one, and says nothing. */
function keysIn(text: string): number {
  let keys = 0
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*(:)?/g)) if (colon) keys++
  return keys
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const parts = Object.values(value)
  const own = Array.isArray(value) ? 0 : parts.length
  return parts.reduce<number>((sum, part) => sum + keysOf(part), own)
}
