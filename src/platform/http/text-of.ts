import { get } from 'node:http'

/** Nobody means to tell us more than this. */
const mostBytes = 8 * 1024 * 1024

/** What a program on this host answers with 200; undefined when it does not in time, or answers something else. */
export function textOf(url: string, withinMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(withinMs)
    const asking = get(url, { agent: false, signal }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
        if (text.length > mostBytes) answer.destroy()
      })
      answer.on('end', () => resolve(answer.statusCode === 200 ? text : undefined))
      answer.on('close', () => resolve(undefined))
      answer.on('error', () => resolve(undefined))
    })
    asking.on('error', () => resolve(undefined))
  })
}
