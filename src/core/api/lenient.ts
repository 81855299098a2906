/** The list, or an empty one in place of whatever is no list. */
export function listOf<T>(list: readonly T[] | null | undefined): readonly T[] {
  return Array.isArray(list) ? list : []
}

/** What of the list is text. */
export function textsOf(list: readonly unknown[] | null | undefined): readonly string[] {
  return listOf(list).filter((each) => typeof each === 'string')
}

/** What of the list has fields. */
export function recordsOf<T extends object>(list: readonly T[] | null | undefined): readonly T[] {
  return listOf(list).filter((each: unknown) => typeof each === 'object' && each !== null)
}
