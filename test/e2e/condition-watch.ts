import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { environmentOf, type Cluster } from './ground.ts'

const template =
  '{range .status.conditions[?(@.type=="lanlord.dev/Announced")]}{.status} {.reason}: {.message}{"\\n"}{end}'

/** All that the condition Announced of a Service says from now on, one after the other, however short each was. */
export class ConditionWatch implements Disposable {
  readonly said: string[] = []
  readonly #child
  #onWord: () => void = () => undefined

  constructor(cluster: Cluster, service: string) {
    const args = ['get', 'service', '--watch', `--field-selector=metadata.name=${service}`, '--output']
    this.#child = spawn('kubectl', [...args, `jsonpath=${template}`], {
      env: environmentOf(cluster),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      if (this.said.at(-1) !== line) this.said.push(line)
      this.#onWord()
    })
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

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
