/**
 * Whether the name is what the pattern says: `*` stands for any run of characters, `?` for one, all else for itself.
 * It goes back to the last `*` only, so that no pattern, however many it has, takes longer than pattern times name.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  let at = 0
  let star = -1
  let tried = 0
  for (let place = 0; place < name.length;) {
    if (pattern[at] === '*') {
      star = at++
      tried = place
    } else if (pattern[at] === '?' || pattern[at] === name[place]) {
      at++
      place++
    } else if (star >= 0) {
      at = star + 1
      place = ++tried
    } else return false
  }
  return /^\**$/.test(pattern.slice(at))
}
