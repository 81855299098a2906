import { heading, row } from './figures.ts'
import { deadEndpoints } from './moves/dead-endpoints.ts'
import { failures } from './moves/failures.ts'
import { sixes } from './moves/families.ts'
import { fast, openFast } from './moves/fast.ts'
import { keepalived } from './moves/keepalived.ts'
import { openLab, openScene } from './moves/lab.ts'
import { planned } from './moves/planned.ts'
import { openUneven, rebalances } from './moves/rebalance.ts'
import { chosenOf, printHeadings, take, type Setting } from './moves/rows.ts'
import { openCrowd, thousand } from './moves/thousand.ts'
import { nativeProgram } from './native.ts'

/** Those that share a cluster. */
const common = [...failures, ...planned, ...rebalances, ...sixes, ...deadEndpoints]
const all = [...common, ...fast, ...thousand, ...keepalived.flatMap(({ rows }) => rows)]

/** How long an address is without an answer, whatever makes it move. */
export async function benchFailover(setting: Setting): Promise<void> {
  if (chosenOf(all, setting).length === 0)
    throw new Error(
      `no row has ${setting.only.join(' or ')} in its name; there are ${all.map(({ name }) => name).join(', ')}`,
    )
  heading(
    `Moves of an address, ${setting.tries} tries each: the longest gap that each client saw, and what it lost`,
  )
  sayWhatIsMissing(setting)
  printHeadings()
  const startMs = performance.now()
  if (chosenOf(common, setting).length > 0) await onOneLab(setting)
  await take({ rows: fast, open: openFast }, setting)
  await take({ rows: thousand, open: openCrowd }, setting)
  for (const series of keepalived) await take(series, setting)
  heading(`That took ${((performance.now() - startMs) / 1000).toFixed(0)} s`)
}

function sayWhatIsMissing({ ground }: Setting): void {
  if (nativeProgram('udp-probe') === undefined)
    row('no C compiler here', 'UDP is sent a thousand times a second in every row')
  else if (ground === 'cluster')
    row(
      'UDP is echoed by the Pod',
      'which may lose some of ten thousand a second: compare with the row "still"',
    )
}

async function onOneLab(setting: Setting): Promise<void> {
  await using lab = await openLab(setting.ground)
  await take({ rows: [...failures, ...planned], open: () => openScene(lab, 'web') }, setting)
  await take({ rows: rebalances, open: () => openUneven(lab) }, setting)
  await take({ rows: sixes, open: () => openScene(lab, 'six', { family: 'IPv6' }) }, setting)
  await take({ rows: deadEndpoints, open: () => openScene(lab, 'spread', { policy: 'Cluster' }) }, setting)
}
