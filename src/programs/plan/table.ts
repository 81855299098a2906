/** What stands between two columns, as in kubectl's tables. */
const gap = '   '

/** A table in kubectl's look: headers in capitals, columns as wide as their widest cell, no boxes. */
export function tableText(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headers.map((header, column) => {
    return rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), header.length)
  })
  const lines = [headers, ...rows].map((cells) => {
    return cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(gap)
      .trimEnd()
  })
  return `${lines.join('\n')}\n`
}
