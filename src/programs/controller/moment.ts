/** Now or so long ago, as conditions have it: to the second, which is all that the API keeps. */
export function moment(agoMs = 0): string {
  return `${new Date(Date.now() - agoMs).toISOString().slice(0, 19)}Z`
}
