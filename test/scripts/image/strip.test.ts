import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { strip } from '../../../scripts/image/strip.js'

describe('a program without what debuggers read', () => {
  it('is no larger, and runs as before', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanlord-strip-'))
    try {
      const program = join(folder, 'node')
      const before = readFileSync(process.execPath)
      const after = strip(before)
      writeFileSync(program, after, { mode: 0o755 })
      expect(after.length).toBeLessThanOrEqual(before.length)
      expect(execFileSync(program, ['--print', '6 * 7'], { encoding: 'utf8' })).toBe('42\n')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is what it was when there is nothing to leave out', () => {
    const once = strip(readFileSync(process.execPath))
    expect(strip(once).equals(once)).toBe(true)
  })

  it.each([
    ['text', Buffer.from('#!/bin/sh\n'.padEnd(64))],
    ['a 32-bit program', Buffer.concat([Buffer.from('7f454c460101', 'hex'), Buffer.alloc(64)])],
  ])('is refused when it is %s', (_, file) => {
    expect(() => strip(file)).toThrow('not a 64-bit little-endian ELF file')
  })
})
