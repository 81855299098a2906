import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { environmentOf, type Cluster } from './ground.ts'
import type { ConditionObject } from './objects.ts'

/** All that the condition Announced of a Service says from now on, one after the other, however short each was. */
export class ConditionWatch implements Disposable {
  /** Each as `True Announced: its message`. */
  readonly said: string[] = []
  readonly #child
  #onWord: () => void = () => undefined

  constructor(cluster: Cluster, service: string) {
    const which = ['service', '--watch', `--field-selector=metadata.name=${service}`]
    const output = 'jsonpath={.status.conditions}{"\\n"}'
    this.#child = spawn('kubectl', ['get', ...which, '--output', output], {
      env: environmentOf(cluster),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#read(line))
  }

  /** Resolves the moment it says something of the kind, or did before. */
  until(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      this.#onWord = () => {
        const found = this.said.find((each) => pattern.test(each))
        if (found !== undefined) resolve(found)
      }
      this.#onWord()
    })
  }

  /** A Service without conditions is an empty line. */
  #read(line: string): void {
    const conditions = (line === '' ? [] : JSON.parse(line)) as readonly ConditionObject[]
    const condition = conditions.find(({ type }) => type === 'lanlord.dev/Announced')
    if (condition) this.said.push(`${condition.status} ${condition.reason}: ${condition.message}`)
    this.#onWord()
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
