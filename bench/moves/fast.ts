import { cutOff } from './failures.ts'
import { make, openLab, openScene, type Scene } from './lab.ts'
import type { Row, Setting } from './rows.ts'

/** The least that `speaker.heartbeat` of the chart may be. */
const heartbeat = '10ms'

/** The fast setting. */
export const fast: readonly Row<Scene>[] = [
  { name: 'fast', what: `announcing node cut off, with a heartbeat every ${heartbeat}`, once: cutOff },
]

export function openFast({ ground }: Setting): Promise<Scene & AsyncDisposable> {
  return make(async (undo) => {
    const lab = await openLab(ground, { heartbeat })
    undo.defer(async () => lab[Symbol.asyncDispose]())
    const scene = await openScene(lab, 'web')
    undo.defer(async () => scene[Symbol.asyncDispose]())
    return { ...scene }
  })
}
