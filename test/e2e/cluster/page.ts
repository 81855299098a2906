import { readFileSync } from 'node:fs'

/** A block of shell on a page, and the output that the page shows right below it. */
export interface Step {
  readonly commands: string
  readonly shown: string | undefined
}

/** What a page of docs/ tells its reader to type, in order. */
export function stepsOf(page: string): readonly Step[] {
  const blocks = [...readFileSync(`docs/${page}`, 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
  return blocks.flatMap(([, language, commands = ''], at) => {
    if (language !== 'sh') return []
    const next = blocks[at + 1]
    return [{ commands, shown: next?.[1] === 'text' ? next[2] : undefined }]
  })
}

/** The letters that Kubernetes makes names from. */
const generated = /(-[bcdfghjklmnpqrstvwxz2456789]{5,10})+\b/g

/**
 * An output with all that differs from one run to the next taken out: numbers, addresses, ages, the names of Pods, and
 * which node it is that has something.
 */
export function gistOf(output: string): string {
  return output
    .replaceAll(generated, '-#')
    .replaceAll(/\b[0-9a-f]*:[0-9a-f:]*:[0-9a-f]+\b/g, '#')
    .replaceAll(/\d+(\.\d+)*[dhms]?/g, '#')
    .replaceAll(/#+/g, '#')
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(/[ \t]+/g, ' ').trim())
    .toSorted()
    .join('\n')
}
