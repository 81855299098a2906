import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BadInput } from './problem.ts'

/** One file, or stdin, as text. */
export interface Input {
  readonly source: string
  readonly text: string
}

/** What stands for stdin on the command line. */
const stdinName = '-'

/** A file of more bytes than this is refused; one with 25,000 Services has less. */
export const mostBytes = 40 * 1024 * 1024

/** Reads what the names stand for, in the order given: files, the manifests of directories by name, and `-` for stdin. */
export async function readInputs(names: readonly string[], isRecursive: boolean): Promise<readonly Input[]> {
  if (names.filter((name) => name === stdinName).length > 1) {
    throw new BadInput({
      source: 'stdin',
      text: 'is named twice, and can be read only once; write -f - once',
    })
  }
  const inputs: Input[] = []
  for (const name of names) {
    for (const file of await filesOf(name, isRecursive)) inputs.push(await readInput(file))
  }
  return inputs
}

async function filesOf(name: string, isRecursive: boolean): Promise<readonly string[]> {
  if (name === stdinName) return [name]
  const found = await orBadInput(name, () => stat(name))
  if (!found.isDirectory()) return [name]
  const files = await orBadInput(name, () => manifestsIn(name, isRecursive))
  if (files.length > 0) return files
  const more = isRecursive ? '' : '; -R looks in the directories in it, too'
  throw new BadInput({ source: name, text: `is a directory without .yaml, .yml or .json files${more}` })
}

/** In order of name, a directory in the place where its name is. */
async function manifestsIn(directory: string, isRecursive: boolean): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const files: string[] = []
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name)
    if (!entry.isDirectory()) files.push(...(/\.(?:ya?ml|json)$/.test(entry.name) ? [path] : []))
    else if (isRecursive) files.push(...(await manifestsIn(path, isRecursive)))
  }
  return files
}

async function readInput(file: string): Promise<Input> {
  const source = file === stdinName ? 'stdin' : file
  const bytes = await orBadInput(source, () =>
    bytesOf(file === stdinName ? process.stdin : createReadStream(file)),
  )
  if (bytes === undefined) {
    const text = `has more than ${mostBytes / 1024 / 1024} MiB; split it, by namespace for example`
    throw new BadInput({ source, text })
  }
  return { source, text: textOf(bytes, source) }
}

/** Undefined when there is more than can be read. */
async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > mostBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function textOf(bytes: Buffer, source: string): string {
  if (bytes.includes(0)) throw new BadInput({ source, text: 'is no text; write YAML or JSON, in UTF-8' })
  if (!isUtf8(bytes)) throw new BadInput({ source, text: 'is not in UTF-8; save it in that encoding' })
  const text = bytes.toString()
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

const flaws: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ENOTDIR: 'is in no directory',
  ELOOP: 'is a link in a circle',
}

async function orBadInput<T>(source: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new BadInput({ source, text: flaws[code] ?? `cannot be read: ${message}` })
  }
}
