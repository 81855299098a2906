import { readFileSync } from 'node:fs'
import { expect, it, test } from 'vitest'
import { namesFor } from '../src/core/allocation/compatibility.ts'
import type { Asked } from '../src/core/allocation/compatibility.ts'
import { isTested, rowsOf, shownIn } from './support/shown-by.ts'

const read = (path: string): string => readFileSync(path, 'utf8')

const shown = shownIn('docs/metallb.md')

it.each(shown)('docs/metallb.md: $title', ({ row, path, title }) => {
  expect(path, row).not.toBe('')
  expect(isTested(read(path), title), `${path} has a test “${title}”`).toBe(true)
})

test('each test of conformance stands in the table of docs/metallb.md', () => {
  const path = 'test/core/allocation/conformance.test.ts'
  const titles = [...read(path).matchAll(/^ {2}(?:it|\]\))\('(.*)', \(/gm)]
  const named = shown.filter((each) => each.path === path).map(({ title }) => title)
  expect(titles.length).toBeGreaterThan(30)
  expect(titles.map(([, title]) => title).filter((title = '') => !named.includes(title))).toEqual([])
})

test('docs/compatibility.md names every annotation that is read', () => {
  const page = read('docs/compatibility.md')
  const asked: readonly Asked[] = ['pool', 'addresses', 'sharingKey']
  const names = asked.flatMap((each) => namesFor(each, { metallb: true, kubeVip: true }))
  const missing = names.filter((name) => {
    const own = name.replace(/^metallb\.(io|universe\.tf)\//, '')
    return !page.includes(`\`${own}\``)
  })
  expect(missing).toEqual([])
})

test('docs/warnings.md names every reason of a remark, and no other', () => {
  const reasons = [...read('src/core/allocation/remark.ts').matchAll(/^ {2}\| '(\w+)'/gm)].map(
    ([, name]) => name,
  )
  const named = rowsOf(read('docs/warnings.md')).map((row) => /^\| `(\w+)`/.exec(row)?.[1])
  expect(new Set(named)).toEqual(new Set(reasons))
})
