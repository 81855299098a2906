/** Whether the name is what the pattern says: `*` stands for any run of characters, `?` for one, all else for itself. */
export function matchesGlob(pattern: string, name: string): boolean {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(name)
}
