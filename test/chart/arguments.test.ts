import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parseListen } from '../../src/platform/http/listen.ts'
import { createLog } from '../../src/platform/telemetry/log.ts'
import { containerOf, render, workloadsIn } from './helm.ts'
import { valueSets } from './value-sets.ts'

/** The flags with a value that a program of the image says it takes. */
function flagsOf(program: string): readonly string[] {
  const { stdout } = spawnSync(process.execPath, ['dist/lanlord.js', program, '--help'], { encoding: 'utf8' })
  return [...stdout.matchAll(/^ +--([a-z-]+) </gm)].map(([, name = '']) => name)
}

const known: Readonly<Record<string, readonly string[]>> = {
  controller: flagsOf('controller'),
  speaker: flagsOf('speaker'),
}

describe.each(valueSets)('a pod of the chart with %s', (_, values) => {
  it.each(workloadsIn(render(values)).map(containerOf))(
    'is started as its program wants it: $args',
    ({ args }) => {
      const [program = '', ...rest] = args
      const flags = new Map(rest.map((each) => /^--([a-z-]+)=(.+)$/.exec(each)?.slice(1) as [string, string]))
      expect(known[program]).toEqual(expect.arrayContaining([...flags.keys()]))
      expect(parseListen(flags.get('http') ?? '')).toHaveProperty('port')
      expect(() => createLog({ name: program, level: flags.get('log-level') })).not.toThrow()
      expect(flags.get('class-less-services') ?? 'true').toMatch(/^(true|false)$/)
    },
  )
})
