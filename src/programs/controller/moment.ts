/** Now, as conditions have it: to the second, which is all that the API keeps. */
export function moment(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`
}
