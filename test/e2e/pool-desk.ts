import { setTimeout as sleep } from 'node:timers/promises'
import type { ConditionObject, PoolObject, ServiceObject } from './objects.ts'
import type { Operator } from './operator.ts'

/** What somebody who looks after pools does and sees, by kubectl. */
export class PoolDesk {
  readonly #operator: Operator

  constructor(operator: Operator) {
    this.#operator = operator
  }

  /** Changes fields of the spec, as `kubectl edit` would. */
  async edit(pool: string, spec: object): Promise<void> {
    await this.#operator.kubectl('patch', 'pool', pool, '--type=merge', `--patch=${JSON.stringify({ spec })}`)
  }

  /** Asks for the deletion, and does not wait for it. */
  async delete(pool: string): Promise<void> {
    await this.#operator.kubectl('delete', 'pool', pool, '--wait=false')
  }

  /** Waits until no pool has the name. */
  async gone(pool: string): Promise<void> {
    await this.#operator.eventually(`AddressPool ${pool} is gone`, async () => {
      const names = await this.#operator.kubectl('get', 'pools', '--output=name')
      return !names.split('\n').includes(`addresspool.lanlord.dev/${pool}`) || undefined
    })
  }

  /** Waits until the pool looks so, and answers it. */
  async becomes(pool: string, what: string, isSo: (object: PoolObject) => boolean): Promise<PoolObject> {
    let last: PoolObject | undefined
    const words = (): string => `AddressPool ${pool} ${what}: ${JSON.stringify(last?.status)}`
    return this.#operator.eventually(words, async () => {
      last = await this.#operator.get<PoolObject>('pool', pool)
      return isSo(last) ? last : undefined
    })
  }

  /** Waits until the pool's condition has the reason, and answers it. */
  async condition(pool: string, type: string, reason: string): Promise<ConditionObject> {
    const find = ({ status }: PoolObject): ConditionObject | undefined =>
      status?.conditions?.find((each) => each.type === type && each.reason === reason)
    const found = await this.becomes(pool, `says ${type} with reason ${reason}`, (each) => !!find(each))
    return find(found) as ConditionObject
  }

  /** Waits until the Service says in its condition Allocated what is expected, and answers all of it. */
  said(service: string, expected: string, ...flags: readonly string[]): Promise<string> {
    let last = ''
    const words = (): string => `Service ${service} says "${expected}", and not "${last}"`
    return this.#operator.eventually(words, async () => {
      const { status } = await this.#operator.get<ServiceObject>('service', service, ...flags)
      const condition = status?.conditions?.find(({ type }) => type === 'lanlord.dev/Allocated')
      last = condition ? `${condition.status} ${condition.reason} ${condition.message}` : 'nothing'
      return last.includes(expected) ? last : undefined
    })
  }

  /** What `kubectl get service` shows as its address now. */
  async addressNow(service: string, ...flags: readonly string[]): Promise<string | undefined> {
    const { status } = await this.#operator.get<ServiceObject>('service', service, ...flags)
    return status?.loadBalancer?.ingress?.[0]?.ip
  }

  /** Waits until the Service has the address. */
  async has(service: string, address: string, ...flags: readonly string[]): Promise<void> {
    await this.#operator.eventually(`Service ${service} has ${address}`, async () => {
      return (await this.addressNow(service, ...flags)) === address || undefined
    })
  }

  /** Ends the controller that leads; answers when another one leads. */
  async replaceController(meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    const { cluster } = this.#operator
    const before = (await cluster.pids()).controllerPid
    await cluster.kill('controller', 'SIGKILL')
    await meanwhile()
    await this.#operator.eventually('another controller leads', async () => {
      const now = (await cluster.pids()).controllerPid
      return (now !== null && now !== before) || undefined
    })
    // It has to read the cluster before it decides anything; a decision that is wrong comes right then.
    await sleep(2_000)
  }
}
