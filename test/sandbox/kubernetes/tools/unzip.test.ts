import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { unzip } from '../../../../src/sandbox/kubernetes/unzip.ts'

interface Entry {
  readonly name: string
  readonly content: string
  readonly method: 0 | 8 | 12
}

/** A zip archive as the format's description has it; the fields that unzip does not read are nought. */
function zip(entries: readonly Entry[], comment = ''): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, method } of entries) {
    const data = method === 8 ? deflateRawSync(content) : Buffer.from(content)
    const local = Buffer.alloc(30 + 4) // With four bytes of an extra field.
    local.writeUInt32LE(0x04034b50)
    local.writeUInt16LE(name.length, 26)
    local.writeUInt16LE(4, 28)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(data.length, 20)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(offset, 42)
    const file = [local.subarray(0, 30), Buffer.from(name), local.subarray(30), data]
    offset += file.reduce((sum, part) => sum + part.length, 0)
    parts.push(...file)
    directory.push(entry, Buffer.from(name))
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, ...directory, end, Buffer.from(comment)])
}

const two = [
  { name: 'a/stored', content: 'as it is', method: 0 },
  { name: 'a/deflated', content: 'again and again and again', method: 8 },
] as const

describe('unzip', () => {
  it.each(two)('finds $name', ({ name, content }) => {
    expect(unzip(zip(two), name)?.toString()).toBe(content)
    expect(unzip(zip(two, 'a comment'), name)?.toString()).toBe(content)
  })

  it('says that a file is not in it', () => {
    expect(unzip(zip(two), 'a')).toBeUndefined()
  })

  it('refuses what is no archive, and what it cannot read', () => {
    expect(() => unzip(Buffer.alloc(100), 'a')).toThrow('not a zip archive')
    expect(() => unzip(zip([{ name: 'a', content: '', method: 12 }]), 'a')).toThrow('compression method 12')
  })
})
