/** As many letters may be wrong, missing or too many in a name that is taken for another one. */
const mostWrong = 3

/** The name that was probably meant: the same but for case and dashes, the beginning of it, or one with a few letters wrong. */
export function nearestName(text: string, names: readonly string[]): string | undefined {
  const plain = plainOf(text)
  return (
    names.find((name) => plainOf(name) === plain) ??
    names.find((name) => isBeginning(plain, plainOf(name))) ??
    closest(plain, names)
  )
}

function plainOf(text: string): string {
  return text.toLowerCase().replaceAll(/[-_.]/g, '')
}

function isBeginning(a: string, b: string): boolean {
  return a.length > 3 && (a.startsWith(b) || b.startsWith(a))
}

function closest(plain: string, names: readonly string[]): string | undefined {
  const most = Math.min(mostWrong, Math.floor(plain.length / 2))
  const distances = names.map((name) => ({ name, distance: distanceBetween(plain, plainOf(name)) }))
  const [nearest] = distances.toSorted((a, b) => a.distance - b.distance)
  return nearest && nearest.distance <= most ? nearest.name : undefined
}

/** How many letters have to be put in, taken out or replaced to make the one from the other (Levenshtein). */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let place = 0; place < a.length; place++) row = nextRow(row, a[place], b, place + 1)
  return row[b.length] ?? 0
}

function nextRow(above: readonly number[], letter: string | undefined, b: string, first: number): number[] {
  const row = [first]
  for (let column = 1; column <= b.length; column++) {
    const [corner = 0, straight = 0] = above.slice(column - 1, column + 1)
    const replaced = corner + (b[column - 1] === letter ? 0 : 1)
    row.push(Math.min(replaced, straight + 1, (row[column - 1] ?? 0) + 1))
  }
  return row
}
