const colourful = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined

function paint(code: string, text: string): string {
  return colourful ? `\u001B[${code}m${text}\u001B[0m` : text
}

/** What happens next, in a sentence. */
export function tell(text: string): void {
  process.stdout.write(`\n${paint('1', text)}\n`)
}

/** A command as a person would type it. */
export function showCommand(text: string): void {
  process.stdout.write(`${paint('36', `$ ${text}`)}\n`)
}

/** What the command said, or what was measured. */
export function showOutput(text: string): void {
  process.stdout.write(`${text.trimEnd()}\n`)
}

/** A figure that the demo measured itself. */
export function showResult(text: string): void {
  process.stdout.write(`${paint('32', text)}\n`)
}
