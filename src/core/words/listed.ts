/** So many are named in a sentence; of more it is only said how many. */
const namedAtMost = 3

/** `a`, `a and b`, `a, b and c`, or the first three and how many more there are. */
export function listed(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  if (items.length > namedAtMost) {
    return `${items.slice(0, namedAtMost).join(', ')} ${word} ${items.length - namedAtMost} more`
  }
  const [last, ...rest] = items.toReversed()
  return rest.length === 0 ? `${last}` : `${rest.toReversed().join(', ')} ${word} ${last}`
}

/** `a`, `a, b`, or the first three and how many more there are: for a sentence that goes on with an "and" of its own. */
export function firstFew(items: readonly string[]): string {
  const more = items.length > namedAtMost ? ` and ${items.length - namedAtMost} more` : ''
  return `${items.slice(0, namedAtMost).join(', ')}${more}`
}
