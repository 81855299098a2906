export const eventMessages = `
Event
1 metadata ObjectMeta! | What every object has.
2 involvedObject ObjectReference! | What the event is about.
3 reason string | One word on what happened.
4 message string | A sentence on what happened.
5 source EventSource | Who says so.
6 firstTimestamp time always | When it first happened.
7 lastTimestamp time always | When it last happened.
8 count int32 | How often it happened.
9 type string | Normal or Warning.
10 eventTime microTime always | When it happened.
11 series EventSeries? | How it repeats.
12 action string | What was done.
13 related ObjectReference? | What else it is about.
14 reportingComponent string! | The controller that says so.
15 reportingInstance string! | The process of it.

EventSource
1 component string | The program.
2 host string | Its node.

EventSeries
1 count int32 | How often it happened so far.
2 lastObservedTime microTime always | When it last happened.

EventsEvent go=Event
1 metadata ObjectMeta! | What every object has.
2 eventTime microTime! always | When it first happened.
3 series EventSeries? | How it repeats.
4 reportingController string | The controller that says so.
5 reportingInstance string | The process of it.
6 action string | What was done.
7 reason string | One word on why.
8 regarding ObjectReference | What the event is about.
9 related ObjectReference? | What else it is about.
10 note string | A sentence on what happened.
11 type string | Normal or Warning.
12 deprecatedSource EventSource | Who says so, as older clients write it.
13 deprecatedFirstTimestamp time always
14 deprecatedLastTimestamp time always
15 deprecatedCount int32
`
