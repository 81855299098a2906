import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ChildProcess } from 'node:child_process'

/**
 * A shell that waits until we are gone, however that comes, and then removes what a sandbox made. It is the only one that
 * removes cgroups, also when the sandbox is closed in order: so what runs after an accident runs every time.
 */
export class Janitor {
  readonly #shell: ChildProcess

  private constructor(shell: ChildProcess) {
    this.#shell = shell
  }

  static hire(removal: string): Janitor {
    const shell = spawn('sh', ['-c', vigil(removal)], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    shell.unref()
    return new Janitor(shell)
  }

  /** Resolves when all is removed. */
  async finish(): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.signalCode !== null) return
    this.#shell.ref()
    const ended = once(this.#shell, 'exit')
    this.#shell.stdin?.end(`${inOrder}\n`)
    await ended
  }
}

const inOrder = 'in order'

/**
 * The pipe it reads ends with us. After an accident, a command of ours may have been under way and have made something
 * after it was looked for: so it looks twice. It has a session of its own and hears none of the terminal's signals.
 */
function vigil(removal: string): string {
  return [
    "trap '' HUP INT TERM",
    'read -r word',
    `remove() {\n${removal}\n}`,
    `remove; [ "$word" = '${inOrder}' ] || { sleep 2; remove; }`,
  ].join('\n')
}
