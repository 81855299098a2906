import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const pages = readdirSync('docs').map((name) => ({ name, text: readFileSync(join('docs', name), 'utf8') }))
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }

const found = (text: string, form: RegExp): readonly string[] =>
  [...text.matchAll(form)].map(([, one = '']) => one)

describe.each(pages)('docs/$name', ({ name, text }) => {
  it('begins with its title, and fits on a few screens', () => {
    expect(text).toMatch(/^# \S/)
    expect(text.split('\n').length).toBeLessThanOrEqual(120)
  })

  it('links only to what exists, and somebody links to it', () => {
    const linked = found(text, /\]\(([^)#:]+)\)/g).map((file) => normalize(join('docs', file)))
    expect(linked.filter((file) => !existsSync(file))).toEqual([])
    const others = [
      ...pages.filter((page) => page.name !== name).map((page) => page.text),
      readFileSync('README.md', 'utf8'),
    ]
    expect(others.some((other) => other.includes(`${name})`))).toBe(true)
  })

  it('names only examples and npm scripts that exist', () => {
    expect(found(text, /\b(examples\/[\w-]+\.yaml)/g).filter((file) => !existsSync(file))).toEqual([])
    expect(
      found(text, /npm run (?:-s )?([a-z:]+)/g).filter((script) => scripts[script] === undefined),
    ).toEqual([])
  })

  it('has commands that a shell can read', () => {
    for (const commands of found(text, /^```sh\n([\s\S]*?)^```$/gm)) {
      expect(spawnSync('bash', ['-n'], { input: commands }).stderr.toString()).toBe('')
    }
  })
})

it('the README installs with the commands of docs/install.md, which are run on a real cluster', () => {
  const readme = readFileSync('README.md', 'utf8')
  const blocks = found(readme, /^```sh\n((?:helm|kubectl apply -f deploy)[\s\S]*?)^```$/gm)
  expect(blocks).not.toEqual([])
  const install = readFileSync('docs/install.md', 'utf8')
  expect(blocks.filter((block) => !install.includes(block.trim()))).toEqual([])
})
