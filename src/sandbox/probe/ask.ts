import { setImmediate as nextTurn } from 'node:timers/promises'
import { formatMac } from '../../core/wire/ethernet.ts'
import { nothing, type PacketSocket } from '../../platform/network/packet-socket.ts'
import { PollSet } from '../../platform/network/poll-set.ts'
import { longestGap, mostInARow, round, summarize, type Attempt } from './outage.ts'

/** How a question is put to the LAN, in one family's words. */
export interface Question {
  readonly socket: PacketSocket
  readonly frame: Uint8Array
  /** The MAC that a received frame names for the address; undefined when it is about something else. */
  readonly answerIn: (frame: Uint8Array, length: number) => bigint | undefined
}

export interface Asking {
  readonly everyMs: number
  /** Called at each answer. */
  readonly onAnswer: () => void
}

/** What a client saw that asks the whole LAN anew each time, as one without any neighbour entry would. */
export interface Findings {
  readonly asked: number
  readonly answers: number
  /**
   * From the last question that was answered before the longest hole to the first one after it; 0 when none was
   * missed. Counted in questions, so that a prober which was itself held up does not blame the LAN.
   */
  readonly longestSilenceMs: number
  /** Questions that nobody answered, though a later one was. */
  readonly unanswered: number
  /** The most questions in a row without an answer: the same silence, for a prober that cannot keep its pace. */
  readonly unansweredInARow: number
  /** Questions that more than one MAC answered. */
  readonly doubleAnswers: number
  /** Who answered, from when to when (ms since the probe began). */
  readonly by: readonly Answerer[]
}

export interface Answerer {
  readonly mac: string
  readonly answers: number
  readonly firstMs: number
  readonly lastMs: number
}

interface Answer {
  readonly atMs: number
  readonly question: number
  readonly mac: string
}

/** Asks every `everyMs` until `stop` says so. Yields to the event loop once a round, so that signals arrive. */
export async function askAnew(question: Question, asking: Asking, stop: AbortSignal): Promise<Findings> {
  const { socket, frame } = question
  const ready = new PollSet([socket.descriptor])
  const answers: Answer[] = []
  const questions: Attempt[] = []
  const startMs = performance.now()
  while (!stop.aborted) {
    const nowMs = performance.now() - startMs
    if (nowMs >= (questions.at(-1)?.sentMs ?? -Infinity) + asking.everyMs) {
      socket.send(frame)
      questions.push({ sentMs: nowMs })
    }
    ready.wait(1)
    for (const mac of answersTo(question)) {
      asking.onAnswer()
      const asked = questions.at(-1)
      if (!asked) continue
      asked.answeredMs = performance.now() - startMs
      answers.push({ atMs: asked.answeredMs, question: questions.length, mac: formatMac(mac) })
    }
    await nextTurn()
  }
  return findings(questions, answers)
}

/** The MACs of the answers that wait in the socket now. */
export function answersTo({ socket, answerIn }: Question): readonly bigint[] {
  const buffer = new Uint8Array(2048)
  const macs: bigint[] = []
  for (let length = socket.receive(buffer); length > nothing; length = socket.receive(buffer)) {
    const mac = answerIn(buffer, Math.min(length, buffer.length))
    if (mac !== undefined) macs.push(mac)
  }
  return macs
}

function findings(questions: readonly Attempt[], answers: readonly Answer[]): Findings {
  const lastAnswered = questions.findLastIndex(({ answeredMs }) => answeredMs !== undefined)
  return {
    asked: questions.length,
    answers: answers.length,
    longestSilenceMs: round(longestGap(questions)),
    unanswered: summarize(questions.slice(0, lastAnswered + 1)).lost,
    unansweredInARow: mostInARow(questions),
    doubleAnswers: doubleAnswers(answers),
    by: [...new Set(answers.map((answer) => answer.mac))].map((mac) => answererOf(mac, answers)),
  }
}

function doubleAnswers(answers: readonly Answer[]): number {
  const macs = new Map<number, Set<string>>()
  for (const { question, mac } of answers) macs.set(question, (macs.get(question) ?? new Set()).add(mac))
  return [...macs.values()].filter((each) => each.size > 1).length
}

function answererOf(mac: string, answers: readonly Answer[]): Answerer {
  const own = answers.filter((answer) => answer.mac === mac)
  return {
    mac,
    answers: own.length,
    firstMs: round(own[0]?.atMs ?? 0),
    lastMs: round(own.at(-1)?.atMs ?? 0),
  }
}
