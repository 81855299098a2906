import type { Address, Family } from '../ip/address.ts'

/*
 * What a claim waits for, as texts to look up: an answer can change only when one of its topics is opened. The pool is
 * always the second word, for no name of a pool has a blank in it.
 */

/** One thing in one pool whose change may change an answer. */
export type Topic = `${'free' | 'quota' | 'address' | 'sharing' | 'pool'} ${string}`

/** An address of the family can be had. */
export function freeTopic(pool: string, family: Family): Topic {
  return `free ${pool} ${family}`
}

/** The namespace holds less of the pool than before. */
export function quotaTopic(pool: string, namespace: string): Topic {
  return `quota ${pool} ${namespace}`
}

/** Something is different with this one address. */
export function addressTopic(pool: string, { family, value }: Address): Topic {
  return `address ${pool} ${family} ${value}`
}

/** There is an address to share with those that name this key, or more room on one. */
export function sharingTopic(pool: string, key: string): Topic {
  return `sharing ${pool} ${key}`
}

/** The pool itself is changed: whoever decides everything anew then opens it. */
export function poolTopic(pool: string): Topic {
  return `pool ${pool}`
}

/** The pool that the topic is about. */
export function poolIn(topic: Topic): string {
  const [, pool = ''] = topic.split(' ', 2)
  return pool
}
