import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCluster, type Cluster } from '../ground.ts'
import { networkOf } from '../manifests.ts'
import { Operator } from '../operator.ts'
import { PoolDesk } from '../pool-desk.ts'
import { UserShell } from './user-shell.ts'
import { walkPage } from './walk-page.ts'

const inShop = '--namespace=shop'

describe('a pool from its making to its end', () => {
  let cluster: Cluster
  let operator: Operator
  let desk: PoolDesk
  let shell: UserShell

  beforeAll(async () => {
    cluster = await openCluster(1)
    operator = new Operator(cluster)
    desk = new PoolDesk(operator)
    shell = new UserShell(cluster)
  })
  afterAll(async () => {
    shell?.[Symbol.dispose]()
    await cluster?.close()
  })

  const at = (octet: number): string => `${networkOf(cluster)}.${octet}`

  /** What the page shows with the numbers in it, which `walkPage` leaves out. */
  async function theyHave(web: number, api: number, mail: number | undefined): Promise<void> {
    await desk.has('web', at(web), inShop)
    await desk.has('api', at(api), inShop)
    const mails = mail === undefined ? undefined : at(mail)
    expect(await desk.addressNow('mail', inShop)).toBe(mails)
  }

  walkPage('pools.md', () => shell, {
    'kubectl get services': () => theyHave(220, 221, undefined),
    'kubectl delete service api': () => desk.has('mail', at(222), inShop),
    'kubectl patch pool shops --type merge --patch': () => theyHave(220, 221, 222),
    'kubectl get service web': () => theyHave(223, 224, 222),
    'kubectl delete pool shops': () => theyHave(223, 224, 222),
  })

  it('nothing of it is left in the end', async () => {
    expect(await operator.kubectl('get', 'pools', '--output=name')).toBe('')
    expect(await operator.kubectl('get', 'namespaces', '--output=name')).not.toContain('shop')
  })
})
