import type { Exec } from '../src/sandbox/lan/command.ts'
import { run } from '../src/sandbox/lan/command.ts'
import { lanInterface } from '../src/sandbox/lan/plan.ts'
import type { Playground } from '../src/sandbox/playground.ts'

/** A further host on the LAN of a sandbox, in a namespace of its own, without an address. */
export interface Guest extends AsyncDisposable {
  readonly exec: Exec
  readonly interface: string
}

const client = '-client'

/** The namespace has the sandbox's name in front, so that it is swept as the others are if we end without a word. */
export async function addGuest(playground: Pick<Playground, 'client'>): Promise<Guest> {
  const { exec } = playground.client
  const ground = exec.slice(0, -4)
  const inside = (exec.at(-1) ?? '').replace(client, '-guest')
  const theSwitch = (exec.at(-1) ?? '').replace(client, '-switch')
  const ip = (...words: readonly string[]): Promise<string> => run([...ground, 'ip', ...words])
  const remove = (): Promise<unknown> => ip('netns', 'delete', inside)
  await ip('netns', 'add', inside)
  try {
    const there = ['peer', 'name', lanInterface, 'netns', inside]
    await ip('-n', theSwitch, 'link', 'add', 'guest', 'type', 'veth', ...there)
    await ip('-n', theSwitch, 'link', 'set', 'guest', 'master', 'br0', 'up')
    await ip('-n', inside, 'link', 'set', lanInterface, 'up')
  } catch (error) {
    await remove()
    throw error
  }
  return {
    exec: [...exec.slice(0, -1), inside],
    interface: lanInterface,
    [Symbol.asyncDispose]: async () => void (await remove()),
  }
}
