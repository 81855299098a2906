import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const endingsBeforeGivingUp = 3
const longestLine = 300

/** The end of one log, for an error message. */
export function lastWordsOf(logFile: string, lines = 1): string {
  const said = readText(logFile).trim().split('\n').slice(-lines)
  return said.map((line) => line.slice(0, longestLine)).join('\n')
}

/** The last line of every log in the folder. */
export function lastWords(logs: string): string {
  const names = readdirSync(logs).filter((name) => name.endsWith('.log'))
  return names
    .toSorted()
    .map((name) => `  ${name.slice(0, -'.log'.length)}: ${lastWordsOf(join(logs, name)) || 'silent'}`)
    .join('\n')
}

/** Throws when a program of this node keeps ending: waiting for it would be in vain. The node's own log counts. */
export function throwIfHopeless(logs: string, node: string): void {
  const endings = new Map<string, number>()
  for (const [, program = ''] of readText(join(logs, `${node}.log`)).matchAll(/^(\S+) ended/gm)) {
    endings.set(program, (endings.get(program) ?? 0) + 1)
  }
  for (const [program, times] of endings) {
    if (times < endingsBeforeGivingUp) continue
    const words = lastWordsOf(join(logs, `${node}-${program}.log`), 5)
    throw new Error(`${program} of ${node} ended ${times} times; its last words: ${words}`)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // It has not said anything yet.
  }
}
