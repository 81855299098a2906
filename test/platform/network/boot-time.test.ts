import { spawnSync } from 'node:child_process'
import { buildSync } from 'esbuild'
import { expect, test } from 'vitest'
import { bootTimeMs } from '../../../src/platform/network/libc.ts'
import { describeOnLinks } from '../../support/namespaces.ts'

test('the clock of the worker goes as fast as any other', async () => {
  const begun = [bootTimeMs(), performance.now()] as const
  await new Promise((resolve) => setTimeout(resolve, 200))
  const [boot, usual] = [bootTimeMs() - begun[0], performance.now() - begun[1]]
  expect(Math.abs(boot - usual)).toBeLessThan(50)
  expect(boot).toBeGreaterThan(190)
})

/** A program that prints what the clock says. */
function program(): string {
  const source = new URL('../../../src/platform/network/libc.ts', import.meta.url).pathname
  const contents = `import { bootTimeMs } from '${source}'; console.log(bootTimeMs())`
  const stdin = { contents, resolveDir: process.cwd() }
  const [file] = buildSync({
    stdin,
    bundle: true,
    platform: 'node',
    external: ['koffi'],
    write: false,
  }).outputFiles
  return file?.text ?? ''
}

describeOnLinks('the clock of the worker', () => {
  test('is the one that goes on while a machine is suspended', () => {
    const script = program()
    const told = (...under: readonly string[]): number => {
      const [command, ...rest] = [...under, process.execPath, '-e', script]
      return Number(spawnSync(command, rest, { encoding: 'utf8' }).stdout)
    }
    const usual = told('env')
    // Of all clocks this moves that one alone, as a suspension does.
    const shifted = told('unshare', '--time', '--fork', '--boottime', '1000000')
    expect(usual).toBeGreaterThan(0)
    expect(shifted - usual).toBeGreaterThan(999_000_000)
    expect(shifted - usual).toBeLessThan(1_010_000_000)
  })
})
