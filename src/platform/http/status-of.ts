import { get } from 'node:http'

/** The HTTP status that a program on this host answers with; undefined when it does not answer in time. */
export function statusOf(url: string, withinMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(withinMs)
    const asking = get(url, { agent: false, signal }, (answer) => {
      answer.destroy() // What it says beside the status is not read.
      resolve(answer.statusCode)
    })
    asking.on('error', () => resolve(undefined))
  })
}
