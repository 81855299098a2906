import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const dockerfile = readFileSync('Dockerfile', 'utf8')
const instructions = dockerfile
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line))
const argumentsOf = (name: string): readonly string[] =>
  instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))

/** What the Dockerfile takes from the tree, and what of the tree it is let see. */
const copied = argumentsOf('COPY')
  .filter((words) => !words.startsWith('--from'))
  .flatMap((words) => words.split(' ').slice(0, -1))
const seen = readFileSync('.dockerignore', 'utf8').match(/(?<=^!).+/gm) ?? []

describe('the Dockerfile', () => {
  it('pins each base that it does not make itself by its digest', () => {
    const bases = argumentsOf('ARG').filter((words) => words.includes('_IMAGE='))
    expect(bases).toHaveLength(2)
    for (const base of bases)
      expect(base).toMatch(/^\w+_IMAGE=[a-z.]+\/[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/)
    for (const from of argumentsOf('FROM')) expect(from).toMatch(/^\$\{\w+_IMAGE\}/)
  })

  it('asks for nothing that only one of the builders has, and for no architecture', () => {
    expect(dockerfile).not.toMatch(/^# *syntax|--mount|--platform|<</im)
    expect(dockerfile).not.toMatch(/x64|amd64|x86|arm64|aarch64/i)
  })

  it('runs as a user without rights', () => {
    expect(argumentsOf('USER').at(-1)).toBe('65532:65532')
  })

  it('copies only what it can see, and sees only what it copies', () => {
    const alike = (one: string, other: string): boolean =>
      one.replace('./', '') === other || other.startsWith(`${one.replace('./', '')}/`)
    for (const path of copied) expect(seen.some((other) => alike(path, other))).toBe(true)
    for (const other of seen) expect(copied.some((path) => alike(path, other))).toBe(true)
  })
})
