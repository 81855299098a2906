/** As many levels may stand in each other: far more than any object has, and far less than would fill the stack. */
const mostLevels = 200

/** Whether it nests too deep to be walked, as what holds itself does. */
export function isTooDeep(value: unknown): boolean {
  return isDeeper(value, (each) => Object.values(each))
}

/** Whether more than `mostLevels` objects stand in each other; it needs no stack itself. */
export function isDeeper(root: unknown, partsOf: (value: object) => readonly unknown[]): boolean {
  const open: { readonly value: object; readonly level: number }[] = []
  const add = (value: unknown, level: number): void => {
    if (typeof value === 'object' && value !== null) open.push({ value, level })
  }
  add(root, 0)
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.level > mostLevels) return true
    for (const part of partsOf(next.value)) add(part, next.level + 1)
  }
  return false
}
