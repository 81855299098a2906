/** Text that is the same for what is the same, numbers of any length included. */
export function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString(16) : each))
}
