/** What is printed of a series: its middle and its worst. */
export interface Figures {
  readonly count: number
  readonly median: number
  readonly p99: number
  readonly max: number
}

export function figuresOf(values: readonly number[]): Figures {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  return { count: values.length, median: at(0.5), p99: at(0.99), max: at(1) }
}

export function heading(text: string): void {
  process.stdout.write(`\n${text}\n`)
}

export function row(name: string, ...cells: readonly string[]): void {
  process.stdout.write(`  ${name.padEnd(44)}${cells.map((cell) => cell.padStart(13)).join('')}\n`)
}

export function inMs(value: number): string {
  return Number.isNaN(value) ? 'none' : `${value.toFixed(value < 10 ? 2 : 0)} ms`
}

export function inUs(value: number): string {
  return `${value.toFixed(0)} us`
}
