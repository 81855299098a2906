import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { systemNamespace } from '../../core/api/names.ts'

const execute = promisify(execFile)

/** What Helm makes of the chart and its defaults; undefined when there is no such program. */
export async function renderChart(helm: string, chart: string): Promise<string | undefined> {
  try {
    const flags = ['template', 'lanlord', chart, '--namespace', systemNamespace]
    return (await execute(helm, flags, { maxBuffer: 16 * 2 ** 20 })).stdout
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
