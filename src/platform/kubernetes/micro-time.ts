/** A moment as Kubernetes' MicroTime: six fractional digits, for API servers refuse three. */
export function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z')
}
