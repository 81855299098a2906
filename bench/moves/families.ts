import { cutOff } from './failures.ts'
import type { Scene } from './lab.ts'
import { endSpeaker } from './planned.ts'
import type { Row } from './rows.ts'

/** The main moves once more, for an IPv6 address. */
export const sixes: readonly Row<Scene>[] = [
  { name: 'cable-v6', what: 'announcing node of an IPv6 address cut off', isShort: true, once: cutOff },
  { name: 'term-v6', what: 'its speaker told to end (SIGTERM)', isShort: true, once: endSpeaker },
]
