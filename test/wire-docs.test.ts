import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isTested, shownIn } from './support/shown-by.ts'

test.each(shownIn('docs/wire.md'))('docs/wire.md: $title', ({ row, path, title }) => {
  expect(path, row).not.toBe('')
  expect(isTested(readFileSync(path, 'utf8'), title), `${path} has a test “${title}”`).toBe(true)
})
