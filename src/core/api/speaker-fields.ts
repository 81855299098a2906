import * as z from 'zod'
import { maxRevision } from '../wire/heartbeat.ts'
import { count } from './condition.ts'

/*
 * What both halves of a Speaker are made of.
 */

/** An IP address as text. */
export const address = z.string().min(2).max(45)

/** The name of a node. */
export const nodeName = z.string().max(253)

/** A placement revision. */
export const revision = count.max(maxRevision)

/** More addresses than one node can be asked to announce: an object in etcd ends at about 1.5 MB. */
export const manyAddresses = 16384
