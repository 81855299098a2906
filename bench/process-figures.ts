import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const ticksInSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** CPU time that the process has used until now. */
export function cpuSecondsOf(pid: number | null): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksInSecond
}

/** Resident memory now. */
export function residentBytesOf(pid: number | null): number {
  return statusOf(pid, 'VmRSS')
}

/** Resident memory now, each shared page divided by those who share it. */
export function proportionalBytesOf(pid: number | null): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1]) * 1024
}

/** The most resident memory since the start, or since this was forgotten. */
export function peakBytesOf(pid: number | null): number {
  return statusOf(pid, 'VmHWM')
}

export function forgetPeak(pid: number | null): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

function statusOf(pid: number | null, field: string): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1]) * 1024
}
