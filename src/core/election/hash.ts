import type { Key } from './key.ts'

/** FNV-1a over the characters, stirred: the same 32 bits on every machine and in every version. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return stir(hash)
}

/** 32 bits of an address. */
export function hashKey(key: Key): number {
  return typeof key === 'number' ? stir(key) : hashText(key.toString(16))
}

/** Joins two hashes into one; the order matters. */
export function join(first: number, second: number): number {
  return stir(Math.imul(first, 31) + second)
}

/** 64 bits of a text. */
export function hash64(text: string): bigint {
  return (BigInt(hashText(text)) << 32n) | BigInt(hashText(`${text}.`))
}

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
function stir(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
