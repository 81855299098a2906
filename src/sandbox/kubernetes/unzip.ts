import { inflateRawSync } from 'node:zlib'

/** One file of a zip archive; undefined when it has none of that name. Sizes beyond 4 GB are not for it. */
export function unzip(archive: Buffer, name: string): Buffer | undefined {
  let entry = directoryOf(archive)
  while (archive.readUInt32LE(entry) === signatures.entry) {
    const nameEnd = entry + 46 + archive.readUInt16LE(entry + 28)
    if (archive.toString('utf8', entry + 46, nameEnd) === name) return contentOf(archive, entry)
    entry = nameEnd + archive.readUInt16LE(entry + 30) + archive.readUInt16LE(entry + 32)
  }
  return undefined
}

const signatures = { entry: 0x02014b50, end: 0x06054b50 }

/** The list of entries stands at the end, and how far from the start is said behind it, before a comment if there is one. */
function directoryOf(archive: Buffer): number {
  for (let end = archive.length - 22; end >= 0; end--) {
    if (archive.readUInt32LE(end) === signatures.end) return archive.readUInt32LE(end + 16)
  }
  throw new Error('not a zip archive')
}

function contentOf(archive: Buffer, entry: number): Buffer {
  const local = archive.readUInt32LE(entry + 42)
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const content = archive.subarray(start, start + archive.readUInt32LE(entry + 20))
  const method = archive.readUInt16LE(entry + 10)
  if (method !== 0 && method !== 8) throw new Error(`unknown compression method ${method} in a zip archive`)
  return method === 0 ? content : inflateRawSync(content)
}
