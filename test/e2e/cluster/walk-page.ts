import { expect, it, vi } from 'vitest'
import { patienceMs } from '../ground.ts'
import { gistOf, stepsOf, type Step } from './page.ts'
import type { UserShell } from './user-shell.ts'

/** What else has to be true after a step, by how its commands begin. */
export type Checks = Readonly<Record<string, () => Promise<void>>>

/**
 * Registers one test for each step of a page: its commands work, and print what the page shows. A reader who does not see
 * that yet would look again, so a step that shows something must be one that may be repeated.
 */
export function walkPage(page: string, shell: () => UserShell, checks: Checks = {}): void {
  const steps = stepsOf(page)
  it(`docs/${page} has every step that is looked at more closely`, () => {
    const isThere = (beginning: string): boolean =>
      steps.some(({ commands }) => commands.startsWith(beginning))
    expect(Object.keys(checks).filter((beginning) => !isThere(beginning))).toEqual([])
  })
  let isOnTheWay = true
  it.each(steps)(`docs/${page}: $commands`, async (step) => {
    if (!isOnTheWay) throw new Error('a step before this one failed')
    isOnTheWay = false
    await take(step, shell())
    for (const [beginning, check] of Object.entries(checks)) {
      if (step.commands.startsWith(beginning)) await check()
    }
    isOnTheWay = true
  })
}

async function take({ commands, shown }: Step, shell: UserShell): Promise<void> {
  if (shown === undefined) return void (await shell.run(commands))
  const asShown = async (): Promise<void> => {
    expect(gistOf(await shell.run(commands))).toBe(gistOf(shown))
  }
  await vi.waitFor(asShown, { timeout: patienceMs, interval: 500 })
}
