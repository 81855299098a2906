export const metaMessages = `
Anything open

ObjectMeta
1 name string | The name, unique among objects of its kind in its namespace. It cannot be changed.
2 generateName string | The beginning of a name that the server completes where no name is given.
3 namespace string | The namespace that the object lives in.
4 selfLink string
5 uid string go=UID | What tells this object from every other one, also from an earlier one of the same name.
6 resourceVersion string | The version of the object. A write that names an older one is refused.
7 generation int64 | Counts the changes of what is wished for (the spec).
8 creationTimestamp time | When the object was created.
9 deletionTimestamp time? | When the object is to be gone; set by a request to delete it.
10 deletionGracePeriodSeconds int64? | How many seconds it was given to end.
11 labels map string | Keys and values to select objects by.
12 annotations map string | Keys and values that programs keep with the object.
13 ownerReferences []OwnerReference key=uid | The objects that this one depends on. It is removed when all of them are gone.
14 finalizers []string set | Who has to do something before the object goes. It goes when the list is empty.
17 managedFields []ManagedFieldsEntry | Which fields are owned by whom.

ManagedFieldsEntry
1 manager string
2 operation string go=ManagedFieldsOperationType
3 apiVersion string
4 time time?
6 fieldsType string
7 fieldsV1 Anything?
8 subresource string

OwnerReference atomic
5 apiVersion string! | The API version of the owner.
1 kind string! | The kind of the owner.
3 name string! | The name of the owner.
4 uid string! go=UID | The uid of the owner.
6 controller bool? | Whether this owner is the one that manages the object.
7 blockOwnerDeletion bool? | Whether the owner, deleted in the foreground, waits for this object.

LabelSelector atomic
1 matchLabels map string | Labels that must be there with these values.
2 matchExpressions []LabelSelectorRequirement | Requirements that must all hold.

LabelSelectorRequirement
1 key string! | The label.
2 operator string! go=LabelSelectorOperator | In, NotIn, Exists or DoesNotExist.
3 values []string | The values, for In and NotIn.

Condition
1 type string! | What the condition is about.
2 status string! go=ConditionStatus | True, False or Unknown.
3 observedGeneration int64 | The generation that it was found in.
4 lastTransitionTime time! always | When the status last changed.
5 reason string! | One word on why.
6 message string! | A sentence on why.

ObjectReference atomic
1 kind string | The kind of the object.
2 namespace string | Its namespace.
3 name string | Its name.
4 uid string go=UID | Its uid.
5 apiVersion string | Its API version.
6 resourceVersion string | Its version.
7 fieldPath string | A part of it.

LocalObjectReference atomic
1 name string | The name of the object.

TypedLocalObjectReference atomic
1 apiGroup string?
2 kind string!
3 name string!

DeleteOptions open
1 gracePeriodSeconds int64?
2 preconditions Preconditions?
3 orphanDependents bool?
4 propagationPolicy string? go=DeletionPropagation
5 dryRun []string
6 ignoreStoreReadErrorWithClusterBreakingPotential bool?

Preconditions
1 uid string? go=UID
2 resourceVersion string?
`
