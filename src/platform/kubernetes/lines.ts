const newline = 10

/**
 * The complete lines of a byte stream, empty ones left out. A line may come in many chunks, cut anywhere, also inside
 * a character; what stands after the last newline when the stream ends was cut off and is dropped.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pending: Buffer[] = []
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      pending.push(chunk.subarray(from, at))
      const line = textOf(pending)
      pending = []
      from = at + 1
      if (line !== '') yield line
    }
    if (from < chunk.length) pending.push(chunk.subarray(from))
  }
}

function textOf(parts: readonly Buffer[]): string {
  const only = parts.length === 1 ? parts[0] : undefined
  return (only ?? Buffer.concat(parts)).toString('utf8').trim()
}
