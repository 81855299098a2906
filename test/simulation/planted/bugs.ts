/** A bug to plant: what stands in a file, and what is put in its place. */
export interface Bug {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
}

const election = 'src/core/election'

/** Slips of the kind that people make, one in each rule that the election stands on. */
export const bugs: readonly Bug[] = [
  {
    name: 'off by one in the dead interval: one heartbeat more',
    file: `${election}/timing.ts`,
    from: 'return session.echoedAt + session.intervalMs * missed',
    to: 'return session.echoedAt + session.intervalMs * (missed + 1)',
  },
  {
    name: 'off by one in the dead interval: one heartbeat less',
    file: `${election}/timing.ts`,
    from: 'return session.echoedAt + session.intervalMs * missed',
    to: 'return session.echoedAt + session.intervalMs * (missed - 1)',
  },
  {
    name: 'a lost hand-over: who leaves does not wait for a successor',
    file: `${election}/judge.ts`,
    from: 'if (!others) return drop',
    to: "if (!others || cause === 'leaving') return drop",
  },
  {
    name: 'a replayed packet is taken in',
    file: `${election}/hear.ts`,
    from: "if (heartbeat.sequence <= floor) return refuse(work, name, 'replayed')",
    to: "if (heartbeat.sequence < floor) return refuse(work, name, 'replayed')",
  },
  {
    name: 'support is compared the wrong way',
    file: `${election}/bid.ts`,
    from: 'a.bid.support - b.bid.support',
    to: 'b.bid.support - a.bid.support',
  },
  {
    name: 'the younger bid wins',
    file: `${election}/bid.ts`,
    from: 'b.bid.term - a.bid.term',
    to: 'a.bid.term - b.bid.term',
  },
  {
    name: 'a peer is live that does not hear us',
    file: `${election}/hear.ts`,
    from: 'const isEcho = heartbeat.hears.some((hearing) => hearing.nonce === segment.nonce)',
    to: 'const isEcho = heartbeat.hears.length > 0 || segment.sessions.size > 0',
  },
  {
    name: 'an old session ends a new one',
    file: `${election}/hear.ts`,
    from: 'other.node === session.node && other.firstHeardAt < session.firstHeardAt',
    to: 'other.node === session.node && other !== session',
  },
  {
    name: 'what was given up is taken at once',
    file: `${election}/hear.ts`,
    from: 'if (givenUp.length > 0) postpone(work, segment, ...givenUp)',
    to: '',
  },
  {
    name: 'a pause is not noticed',
    file: `${election}/quiet.ts`,
    from: 'if (sleptMs <= pulse.promisedMs * missed) continue',
    to: 'if (sleptMs <= pulse.promisedMs * missed * 1000) continue',
  },
  {
    name: 'support does not fall when a peer dies',
    file: `${election}/step.ts`,
    from: '    weaken(work, segment, work.state.contact)\n    judgeAll',
    to: '    judgeAll',
  },
  {
    name: 'the winner does not speak anew',
    file: `${election}/judge.ts`,
    from: 'if (one.rivals.length > 0 && holding.round > settledRound) announce(work, segment, key, 0)',
    to: '',
  },
  {
    name: 'a page of bids leaves what it does not list',
    file: `${election}/table.ts`,
    from: 'for (const key of unlisted(session, heartbeat)) forget(key)',
    to: '',
  },
  {
    name: 'a newer placement is not put into the bid that stands',
    file: `${election}/judge.ts`,
    from: 'if (namesUsSince(work, interest, held.bid.revision)) renew',
    to: 'if (false as boolean) renew',
  },
  {
    name: 'the advertisement of a new announcer does not override',
    file: 'src/core/announcement/advertise.ts',
    from: 'fillAdvertisement(out, mac, flags.override)',
    to: 'fillAdvertisement(out, mac, 0)',
  },
  {
    name: 'heartbeats from beyond a router are believed',
    file: 'src/programs/speaker/wire/authenticate.ts',
    from: "return ttl === onTheLink ? payload : 'badTtl'",
    to: "return ttl > 0 ? payload : 'badTtl'",
  },
  {
    name: 'the former key is forgotten at once when a key is replaced',
    file: 'src/programs/speaker/key-ring.ts',
    from: 'if (!former) return newRing(files)',
    to: 'if (former) return newRing(files)',
  },
  {
    name: 'who was away for long promises too much for long',
    file: `${election}/timing.ts`,
    from: 'Math.min(now - pulse.beatAt, mostPromisedMs(intervalMs))',
    to: 'now - pulse.beatAt',
  },
  {
    name: 'who is heard on the wire alone is not given way to',
    file: `${election}/judge.ts`,
    from: 'if (isOverruled(work, segment, key, interest)) return',
    to: 'if (false as boolean) return',
  },
  {
    name: 'who was apart from us is answered no sooner than any device',
    file: `${election}/judge.ts`,
    from: 'return wasApart(work, segment, claim) ? restateMs : defendMs',
    to: 'return defendMs',
  },
  {
    name: 'a claim is foreign while bids of a peer are on their way',
    file: `${election}/judge.ts`,
    from: 'isForeign ? bench.completeAt : -Infinity',
    to: '-Infinity',
  },
  {
    name: 'it is forgotten that an address is held when the API says nothing of it for a moment',
    file: `${election}/segments.ts`,
    from: 'interests.has(key) || [...sessions.values()].some(({ bids }) => bids.has(key))',
    to: 'interests.has(key) || sessions.size > 1000',
  },
  {
    name: 'a cordoned node keeps what it took for a moment',
    file: 'src/programs/controller/placing.ts',
    from: '!isAway || !each.lastResort',
    to: '!each.lastResort',
  },
  {
    name: 'an address that was never held is taken at once by anyone',
    file: `${election}/unheld.ts`,
    from: 'const grace = isOurs || segment.terms.has(key) ? 0 : firstBidGraceMs',
    to: 'const grace = 0',
  },
]
